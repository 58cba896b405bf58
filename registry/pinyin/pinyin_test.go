package pinyin_test

import (
	"fmt"
	"slices"
	"testing"

	"lifecircle/registry/pinyin"
)

func TestFind(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		query, name string
		at          int
		found       bool
	}{
		{"yinchuan", "银川市", 0, true},
		{"Yin Chuan", "银川市", 0, true},
		{"yc", "银川市", 0, true},
		{"ych", "银川市", 0, true},
		{"ycs", "银川市", 0, true},
		{"yinc", "银川市", 0, true},
		{"cs", "银川市", 1, true},
		{"yychuan", "银川市", 0, false},
		{"in", "银川市", 0, false},           // no syllable begins so
		{"xi'an", "西安路街道", 0, true},       // both read one way with the apostrophe
		{"xian", "西安路街道", 0, true},        // and without it
		{"xian", "咸阳路", 0, true},          // the same letters as one syllable
		{"changcheng", "长城街道", 0, true},   // a character of several readings
		{"zhangcheng", "长城街道", 0, true},   // is found by each
		{"lvzhou", "绿洲社区", 0, true},       // ü is v
		{"lü", "绿洲社区", 0, true},           //
		{"jfq", "金凤区", 0, true},           //
		{"3hao", "第3号社区", 1, true},        // digits are said as they are
		{"dlzzgc", "大路朱庄(国成)", 0, true},   // brackets are not said
		{"dlzgc", "大路朱庄(国成)", 0, false},   // and no character is left out
		{"woodland", "Woodland", 0, true}, // letters are themselves
	} {
		q, ok := pinyin.Parse(c.query)
		if !ok {
			t.Errorf("%q is no query", c.query)
			continue
		}
		if at, found := q.Find(c.name); at != c.at || found != c.found {
			t.Errorf("%q in %s: at %d, %t; want %d, %t", c.query, c.name, at, found, c.at, c.found)
		}
	}
	for _, query := range []string{"", "银川", "640104", "yin川", "y-c"} {
		if q, ok := pinyin.Parse(query); ok {
			t.Errorf("%q is taken for pinyin: %v", query, q)
		}
	}
}

// The table is of facts: these are from 现代汉语词典.
func TestReadings(t *testing.T) {
	t.Parallel()
	for c, want := range map[rune][]string{'银': {"yin"}, '长': {"chang", "zhang"}, '乐': {"le", "yue"}, '女': {"nv"}, '塬': {"yuan"}, '疃': {"tuan"}, 'a': nil} {
		got := pinyin.Readings(c)
		for _, w := range want {
			if !slices.Contains(got, w) {
				t.Errorf("%c is read %v, want %v", c, got, want)
			}
		}
		if want == nil && got != nil {
			t.Errorf("%c is read %v", c, got)
		}
	}
	read := 0
	for c := rune(0x4e00); c <= 0x9fa5; c++ {
		if pinyin.Readings(c) != nil {
			read++
		}
	}
	const atLeast = 20_800 // of 20,902
	if read < atLeast {
		t.Errorf("%d characters have a reading, want %d", read, atLeast)
	}
}

func ExampleQuery_Find() {
	q, _ := pinyin.Parse("hhj")
	for _, name := range []string{"黄河东路街道", "怀远路街道", "黄河金岸社区"} {
		_, found := q.Find(name)
		fmt.Println(name, found)
	}
	// Output:
	// 黄河东路街道 false
	// 怀远路街道 false
	// 黄河金岸社区 true
}

func BenchmarkFind(b *testing.B) {
	q, _ := pinyin.Parse("hhj")
	for b.Loop() {
		q.Find("宁夏回族自治区银川市金凤区黄河东路街道")
	}
}
