package web

import (
	_ "embed" // the texts below
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

//go:embed src/locales/en.json
var english []byte

//go:embed src/locales/zh-CN.json
var chinese []byte

// texts are the client's texts by language, group and key.
var texts = sync.OnceValue(func() map[string]map[string]map[string]any {
	all := make(map[string]map[string]map[string]any)
	for language, data := range map[string][]byte{"en": english, "zh": chinese} {
		groups := make(map[string]any)
		if err := json.Unmarshal(data, &groups); err != nil {
			panic("web: the client was built from these texts: " + err.Error())
		}
		all[language] = make(map[string]map[string]any)
		for name, group := range groups {
			if keys, ok := group.(map[string]any); ok {
				all[language][name] = keys
			}
		}
	}
	return all
})

// Text returns what the client says, in zh or en, for a code of a group such as
// state, reason or error, with its arguments filled in; ok is false where it has no
// text, or one that wants an argument that is not there.
func Text(language, group, code string, args map[string]any) (text string, ok bool) {
	text, ok = texts()[language][group][code].(string)
	for name, value := range args {
		text = strings.ReplaceAll(text, "{{"+name+"}}", fmt.Sprint(value))
	}
	return text, ok && !strings.Contains(text, "{{")
}
