package document

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html"
	"io"
)

// HTML writes the document as one file that fetches nothing and runs nothing: its
// policy refuses both, so that it may be opened and printed anywhere.
func (d Document) HTML(w io.Writer) error {
	p := &page{d: d}
	lang := "zh-Hans"
	if d.Language == "en" {
		lang = "en"
	}
	p.printf(`<!doctype html><html lang="%s"><head><meta charset="utf-8">`, lang)
	p.printf(`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">`)
	p.printf(`<meta name="viewport" content="width=device-width, initial-scale=1"><title>%s</title><style>%s`, escape(d.Title), sharedStyle)
	if d.Form == OnePage {
		p.printf(`%sbody{font-size:%.2fpt}`, pageStyle, d.FontSize())
	} else {
		p.printf("%s", officialStyle)
	}
	p.printf(`</style></head><body>`)
	p.head()
	p.blocks(d.Blocks)
	if len(d.Notes) > 0 {
		p.printf(`<footer>`)
		for _, note := range d.Notes {
			p.printf(`<p>%s</p>`, escape(note))
		}
		p.printf(`</footer>`)
	}
	p.printf("</body></html>\n")
	_, err := w.Write(p.out.Bytes())
	return err
}

// page is an HTML page as it is written.
type page struct {
	d   Document
	out bytes.Buffer
}

func (p *page) printf(format string, args ...any) { fmt.Fprintf(&p.out, format, args...) }

func escape(text string) string { return html.EscapeString(text) }

func (p *page) head() {
	d := p.d
	p.printf(`<header>`)
	if d.Head.Issuer != "" {
		p.printf(`<p class="issuer">%s</p>`, escape(d.Head.Issuer))
		p.printf(`<p class="number">%s</p><hr class="red">`, escape(d.Head.Number))
	}
	p.printf(`<h1>%s</h1>`, escape(d.Title))
	for _, line := range d.Lines {
		p.printf(`<p class="line">%s</p>`, escape(line))
	}
	if d.Banner != "" {
		p.printf(`<p class="banner" role="note">%s</p>`, escape(d.Banner))
	}
	p.printf(`</header>`)
}

func (p *page) blocks(blocks []Block) {
	for _, b := range blocks {
		switch b := b.(type) {
		case *Heading:
			level := min(b.Level+1, 6)
			p.printf(`<h%d>%s</h%d>`, level, escape(b.Text), level)
		case *Paragraph:
			p.printf(`<p%s>`, class(b.Tone))
			if b.Label != "" {
				p.printf(`<b>%s</b>`, escape(b.Label))
			}
			p.printf(`%s</p>`, escape(b.Text))
		case *Table:
			p.table(b)
		case *Picture:
			p.printf(`<figure><img alt="%s" src="data:image/svg+xml;base64,%s" style="width:%.1fmm;height:%.1fmm"></figure>`,
				escape(b.Alt), base64.StdEncoding.EncodeToString(b.SVG), b.WidthMM, b.HeightMM)
		case *Columns:
			p.printf(`<div class="columns"><div>`)
			p.blocks(b.Left)
			p.printf(`</div><div>`)
			p.blocks(b.Right)
			p.printf(`</div></div>`)
		}
	}
}

func (p *page) table(t *Table) {
	if t.Where == OnSheets {
		return
	}
	shares := t.Shared()
	p.printf(`<table id="%s">`, escape(t.ID))
	if t.Caption != "" {
		p.printf(`<caption>%s</caption>`, escape(t.Caption))
	}
	p.printf(`<colgroup>`)
	for _, share := range shares {
		if share > 0 {
			p.printf(`<col style="width:%.2f%%">`, share*100)
		}
	}
	p.printf(`</colgroup><thead><tr>`)
	for i, c := range t.Columns {
		if shares[i] > 0 {
			p.printf(`<th scope="col"%s>%s</th>`, right(c), escape(c.Heading))
		}
	}
	p.printf(`</tr></thead><tbody>`)
	for _, row := range t.PaperRows() {
		p.row(t, row, shares)
	}
	p.printf(`</tbody></table>`)
	if rest := len(t.Rows) - len(t.PaperRows()); rest > 0 {
		p.printf(`<p class="soft">%s</p>`, escape(fmt.Sprintf(p.d.More, len(t.PaperRows()), len(t.Rows))))
	}
}

func (p *page) row(t *Table, row Row, shares []float64) {
	if row.Part {
		span := 0
		for _, share := range shares {
			if share > 0 {
				span++
			}
		}
		p.printf(`<tr class="part"><th>%s</th><th colspan="%d">%s</th></tr>`, escape(row.Cells[0].Text), span-1, escape(row.Cells[1].Text))
		return
	}
	p.printf(`<tr>`)
	for i, c := range row.Cells {
		if shares[i] == 0 {
			continue
		}
		p.printf(`<td%s%s>%s</td>`, right(t.Columns[i]), class(c.Tone), escape(c.Text))
	}
	p.printf(`</tr>`)
}

func right(c Column) string {
	if c.Number {
		return ` data-number`
	}
	return ""
}

var toneClasses = map[Tone]string{Good: "good", Bad: "bad", Waiting: "waiting", Soft: "soft"}

func class(t Tone) string {
	if name, ok := toneClasses[t]; ok {
		return ` class="` + name + `"`
	}
	return ""
}

// The styles. Fonts are named and none is brought along: where the named ones of
// GB/T 9704 are missing the next of the same cut stands in.
const (
	sharedStyle = `
*{box-sizing:border-box}
html{-webkit-print-color-adjust:exact;print-color-adjust:exact}
body{margin:0;color:#1d2733;background:#fff}
table{border-collapse:collapse;width:100%;table-layout:fixed;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:600;padding:.2em 0}
th,td{text-align:left;vertical-align:top;overflow-wrap:anywhere}
[data-number]{text-align:right;white-space:nowrap}
.good{color:#1b5c96}.bad{color:#a63f0b}.waiting{color:#7a5a00}.soft{color:#4d5662}
figure{margin:.4em 0;text-align:center}
img{display:block;margin:0 auto;max-width:100%}
.banner{border:1.5px solid #8b1e6b;color:#8b1e6b;padding:.25em .6em;font-weight:600}
`
	pageStyle = `
@page{size:A4;margin:10mm}
body{font-family:"Noto Sans CJK SC","Noto Sans SC","Source Han Sans SC","Microsoft YaHei",SimHei,sans-serif;line-height:1.35}
@media screen{body{width:190mm;margin:10mm auto}}
h1{font-size:1.55em;margin:0 0 .15em}
h2{font-size:1.15em;margin:.6em 0 .2em}
p{margin:.15em 0}
.line{color:#4d5662}
th,td{padding:.12em .35em;border-bottom:.5px solid #c3cad2}
thead th{border-bottom:1px solid #1d2733;color:#4d5662;font-weight:600}
tr.part th{background:#eef1f4}
.columns{display:grid;grid-template-columns:minmax(0,1.1fr) minmax(0,1fr);gap:5mm}
footer{margin-top:.6em;font-size:.85em;color:#4d5662;border-top:.5px solid #98a4b1;padding-top:.2em}
`
	// GB/T 9704-2012: A4, 37 mm above and 28 mm to the left of a type area of 156 mm
	// by 225 mm; 22 lines of 28 characters of size 3 (16 pt); page numbers of size 4
	// between dashes, outside.
	officialStyle = `
@page{size:A4;margin:37mm 26mm 35mm 28mm}
@page:right{@bottom-right{content:"— " counter(page) " —";font:14pt "SimSun","宋体","Noto Serif CJK SC",serif;padding-right:14pt;vertical-align:top;padding-top:7mm}}
@page:left{@bottom-left{content:"— " counter(page) " —";font:14pt "SimSun","宋体","Noto Serif CJK SC",serif;padding-left:14pt;vertical-align:top;padding-top:7mm}}
body{font-family:"FangSong_GB2312","FangSong","仿宋","STFangsong","Noto Serif CJK SC",serif;font-size:16pt;line-height:29pt}
@media screen{body{width:156mm;margin:20mm auto}}
h1{font:400 22pt/36pt "FZXiaoBiaoSong-B05S","方正小标宋简体","SimSun","Noto Serif CJK SC",serif;text-align:center;margin:29pt 0}
h2{font:400 16pt/29pt "SimHei","黑体","Noto Sans CJK SC",sans-serif;margin:0;text-indent:2em;break-after:avoid}
h3{font:400 16pt/29pt "KaiTi_GB2312","KaiTi","楷体","STKaiti","Noto Serif CJK SC",serif;margin:0;text-indent:2em;break-after:avoid}
h4,h5,h6{font-size:16pt;line-height:29pt;font-weight:700;margin:0;text-indent:2em;break-after:avoid}
p{margin:0;text-indent:2em}
.line{text-align:center;text-indent:0}
.issuer{color:#d40000;font:400 40pt/1.2 "FZXiaoBiaoSong-B05S","方正小标宋简体","SimSun","Noto Serif CJK SC",serif;text-align:center;text-indent:0}
.number{text-align:center;text-indent:0;margin-top:29pt}
hr.red{border:0;border-top:1.5pt solid #d40000;margin:4mm 0 0}
.banner{text-indent:0;margin:8pt 0}
table{font-size:10.5pt;line-height:15pt;margin:4pt 0 8pt}
th,td{border:.5pt solid #1d2733;padding:1pt 3pt}
th{font-family:"SimHei","黑体","Noto Sans CJK SC",sans-serif;font-weight:400}
tr{break-inside:avoid}
figure{break-inside:avoid}
footer p,p.soft{font-size:12pt;line-height:20pt}
`
)
