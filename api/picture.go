package api

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"lifecircle"
	"lifecircle/atlas"
	"lifecircle/engine"
	"lifecircle/geo"
	"lifecircle/indicator"
	"lifecircle/registry"
	"lifecircle/report"
	"lifecircle/report/paper"
)

func (s *server) picturing(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "map-picture", Method: http.MethodGet, Path: "/api/v1/maps/{indicator}/{area}/map.svg",
		Summary: "A map as a picture, for print and for browsers that draw none",
	}, s.pictureSVG)
	huma.Register(api, huma.Operation{
		OperationID: "map-picture-png", Method: http.MethodGet, Path: "/api/v1/maps/{indicator}/{area}/map.png",
		Summary: "The same picture as dots, for documents that take no SVG",
	}, s.picturePNG)
}

type pictureInput struct {
	Indicator string         `path:"indicator" doc:"object id or clause number" example:"sport.fitness_10min"`
	Area      string         `path:"area"`
	Variant   string         `query:"variant" doc:"a reading of the text; the chosen one when left out"`
	Period    string         `query:"period"`
	Layer     string         `query:"layer" enum:"people,areas" doc:"who is served where they live, or the areas below by their values; what the promise is measured at when left out"`
	Level     registry.Level `query:"level" enum:"region,prefecture,county,township,village" doc:"of the areas; as of a ranking when left out"`
	Lang      string         `query:"lang" enum:"zh-CN,en" default:"zh-CN"`
}

type pictureOutput struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

func (s *server) pictureSVG(ctx context.Context, in *pictureInput) (*pictureOutput, error) {
	picture, err := s.picture(ctx, in)
	if err != nil {
		return nil, s.problem(err)
	}
	var out bytes.Buffer
	if err := picture.SVG(&out); err != nil {
		return nil, s.problem(err)
	}
	return &pictureOutput{"image/svg+xml; charset=utf-8", out.Bytes()}, nil
}

func (s *server) picturePNG(ctx context.Context, in *pictureInput) (*pictureOutput, error) {
	picture, err := s.picture(ctx, in)
	if err != nil {
		return nil, s.problem(err)
	}
	font, err := s.letters.font()
	if err != nil {
		return nil, s.problem(err)
	}
	var out bytes.Buffer
	if err := picture.PNG(&out, font); err != nil {
		return nil, s.problem(err)
	}
	return &pictureOutput{"image/png", out.Bytes()}, nil
}

// letters keeps the machine's font once it is found: one that is missing may be
// installed while the server runs.
type letters struct {
	mu    sync.Mutex
	found *atlas.Font
}

func (l *letters) font() (*atlas.Font, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.found == nil {
		var err error
		if l.found, err = atlas.SystemFont(); err != nil {
			return nil, err
		}
	}
	return l.found, nil
}

// picture makes the picture that is asked for.
func (s *server) picture(ctx context.Context, in *pictureInput) (atlas.Picture, error) {
	w, code, err := s.world(ctx, in.Area)
	if err != nil {
		return atlas.Picture{}, err
	}
	period, err := periodOr(in.Period, w)
	if err != nil {
		return atlas.Picture{}, err
	}
	m := mapMaker{
		w: w, area: code, english: in.Lang == "en",
		ask: indicator.Query{Object: in.Indicator, Variant: in.Variant, Area: code, Period: period},
	}
	if in.Layer == "areas" || in.Layer == "" && !m.atPeople() {
		if m.below, err = s.coloured(ctx, w, m.ask, in.Level); err != nil {
			return atlas.Picture{}, err
		}
	}
	return m.drawn(s.Ground)
}

// drawn is the picture with what a printed map says of its ground.
func (m mapMaker) drawn(ground Ground) (atlas.Picture, error) {
	picture, err := m.draw()
	if err != nil {
		return atlas.Picture{}, err
	}
	if set, ok := ground.Tiles.Of(m.w.Root()); ok {
		picture.Notes = append(picture.Notes, set.Summary().Attribution)
	}
	number := m.word("示意图，未经地图审核，不作划界依据", "Schematic map without official review; not evidence of any boundary")
	if ground.MapNumber != "" {
		number = ground.MapNumber
	}
	picture.Notes = append(picture.Notes, number)
	return picture, nil
}

// mapMaker makes the picture of one question.
type mapMaker struct {
	w       *engine.World
	area    lifecircle.AreaCode
	ask     indicator.Query
	english bool
	below   *coloured // the areas to colour; nil where people are drawn
}

// atPeople reports whether the question is answered where people live. One that has no
// answer is said to be, and refused where it is asked.
func (m mapMaker) atPeople() bool {
	_, err := m.w.Evaluator().Verdicts(m.ask)
	return err == nil || lifecircle.ErrorCode(err) != "no_layer"
}

func (m mapMaker) word(zh, en string) string {
	if m.english {
		return en
	}
	return zh
}

func (m mapMaker) name(n lifecircle.Name) string {
	if m.english {
		return n.In("en")
	}
	return n.In("zh")
}

// picture cells are four units of the sheet wide at the least.
const pictureCells = 240 * 150

// draw draws who is served where they live.
func (m mapMaker) draw() (atlas.Picture, error) {
	result, err := m.w.Evaluator().Evaluate(m.ask)
	if err != nil {
		return atlas.Picture{}, err
	}
	p := atlas.Picture{Title: m.title(result)}
	area, _ := m.w.Registry().Area(m.area)
	known := report.Known{Registry: m.w.Registry(), Plan: m.w.Plan()}
	p.Lines = []string{fmt.Sprintf("%s · %s · %s", m.name(area.Name), m.ask.Period, m.stand(known.Result(result)))}
	if m.below != nil {
		m.areas(&p)
	} else {
		err = m.people(&p)
	}
	p.Notes = append(p.Notes, m.word("数据来源性质：", "Provenance: ")+m.provenance(result.Provenance)+
		fmt.Sprintf(m.word("；依据变更序号 %d", "; as of change %d"), m.w.Seq()))
	return p, err
}

func (m mapMaker) title(r indicator.Result) string {
	title := m.name(r.Object.Name)
	if len(r.Object.Clauses) > 0 {
		title = r.Object.Clauses[0] + " " + title
	}
	if r.Variant != nil {
		title += m.word("（", " (") + m.name(r.Variant.Name) + m.word("）", ")")
	}
	return title
}

// stand says the value and the target in a few words.
func (m mapMaker) stand(r report.Result) string {
	text := m.word("现值 ", "value ") + m.value(r)
	if r.Target != nil {
		text += m.word("，目标 ", ", target ") + r.ShownTarget() + m.unitOf(r)
	}
	return text
}

// value is a result's value as the screens write it.
func (m mapMaker) value(r report.Result) string {
	if r.Value == nil {
		return m.word("无数据", "no data")
	}
	return r.ShownValue() + m.unitOf(r)
}

// unitOf is the unit behind a number; figures that are printed as ratios need none.
func (m mapMaker) unitOf(r report.Result) string {
	if r.Display != "" {
		return ""
	}
	return m.unit(r.Unit)
}

func (m mapMaker) unit(code string) string {
	return " " + paper.Unit(code, m.word("zh", "en"))
}

func (m mapMaker) provenance(p lifecircle.Provenance) string {
	switch p {
	case lifecircle.Real:
		return m.word("真实", "real")
	case lifecircle.Estimated:
		return m.word("估算", "estimated")
	case lifecircle.Generated:
		return m.word("生成（演示）", "generated (demonstration)")
	}
	return m.word("不详", "unknown")
}

// people draws who is served where they live, and the places that serve.
func (m mapMaker) people(p *atlas.Picture) error {
	s, err := servedIn(m.w, m.ask)
	if err != nil {
		return err
	}
	s.fill()
	classes := within(m.w, m.area, s.classes)
	p.Grid = gridOf(m.w, m.area, pictureCells)
	p.Cells = p.Grid.Paint(classes)
	b := p.Grid.Bounds()
	for _, f := range m.w.PlacesOf(s.verdicts.Measures) {
		if b.Contains(f.At) {
			p.Places = append(p.Places, f.At)
		}
	}
	p.Streets = m.streets(b)
	count := make(map[atlas.Class]int64)
	points := m.w.Registry().Points()
	for _, i := range m.w.Registry().PointsBelow(m.area) {
		count[s.classes[i]] += points[i].People
	}
	reach, _ := indicator.ReachOf(s.verdicts.InForce)
	timed := slices.ContainsFunc(s.verdicts.Measures, func(id string) bool { return m.w.Plan().Measures[id].Mode.Timed() })
	for _, c := range m.classes(reach, timed) {
		if n := count[c.class]; n > 0 {
			p.Legend = append(p.Legend, atlas.Entry{Tone: c.class.Tone(), Text: c.text, Count: fmt.Sprintf(m.word("%s 人", "%s people"), grouped(n))})
		}
	}
	p.Legend = append(p.Legend, atlas.Entry{Place: true, Text: m.word("设施", "facility"), Count: grouped(int64(len(p.Places)))})
	return nil
}

type classWord struct {
	class atlas.Class
	text  string
}

// classes names the classes of a reach in metres, or in seconds where the measure
// counts time, best first.
func (m mapMaker) classes(reach float64, timed bool) []classWord {
	shown := func(v float64) string { return grouped(int64(v)) }
	unit, beyond := m.word("米", "m"), m.word("步行不可达", "cannot be reached on foot")
	if timed {
		shown = func(v float64) string { return strconv.FormatFloat(math.Round(v/6)/10, 'f', -1, 64) }
		unit, beyond = m.word("分钟", "min"), m.word("不可达", "cannot be reached")
	}
	first, at, last := atlas.Breaks(reach)
	half, whole, more := shown(first), shown(at), shown(last)
	return []classWord{
		{atlas.Near, fmt.Sprintf(m.word("%s %s以内（达标）", "within %s %s (met)"), half, unit)},
		{atlas.Within, fmt.Sprintf(m.word("%s–%s %s（达标）", "%s–%s %s (met)"), half, whole, unit)},
		{atlas.Pass, m.word("达标", "met")},
		{atlas.Beyond, fmt.Sprintf(m.word("%s–%s %s（未达标）", "%s–%s %s (not met)"), whole, more, unit)},
		{atlas.Far, fmt.Sprintf(m.word("%s %s以上（未达标）", "beyond %s %s (not met)"), more, unit)},
		{atlas.Fail, m.word("未达标", "not met")},
		{atlas.Unreachable, beyond},
		{atlas.NoData, m.word("无数据", "no data")},
		{atlas.NotApplicable, m.word("不适用", "not applicable")},
	}
}

// streets draws the streets within a frame, where they are few enough to be seen.
func (m mapMaker) streets(b geo.Bounds) [][]geo.Point {
	const most = 6000
	net := m.w.Network()
	if net == nil {
		return nil
	}
	var lines [][]geo.Point
	for edge := range net.EdgeCount() {
		line := net.Shape(uint32(edge))
		if !b.Contains(line[0]) && !b.Contains(line[len(line)-1]) {
			continue
		}
		if lines = append(lines, line); len(lines) > most {
			return nil
		}
	}
	return lines
}

// grouped writes a whole number with its thousands apart.
func grouped(n int64) string {
	text := fmt.Sprint(n)
	for at := len(text) - 3; at > 0 && text[at-1] != '-'; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}
