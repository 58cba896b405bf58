package main

import (
	_ "embed" // the texts below
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"lifecircle"
	"lifecircle/web"
)

//go:embed errors_zh.yaml
var errorsFile []byte

// errorsZH are sentences for codes that the page never shows.
var errorsZH = sync.OnceValue(func() map[string]string {
	texts := make(map[string]string)
	if err := yaml.Unmarshal(errorsFile, &texts); err != nil {
		panic(err) // the file is part of the program, and a test reads it
	}
	return texts
})

// problem is an error as scripts read it: with --format json, on the standard error.
type problem struct {
	Code    string         `json:"code"`
	Message string         `json:"message" doc:"in the language of --lang"`
	Detail  string         `json:"detail" doc:"in English: what, where, and how to repair it"`
	Args    map[string]any `json:"args,omitempty"`
}

// complain says what went wrong. In Chinese a sentence by the error's code comes first
// and the English detail, which names row, field and remedy, after it.
func (a *app) complain(out io.Writer, err error) {
	said := problem{Code: lifecircle.ErrorCode(err), Detail: err.Error(), Message: err.Error()}
	var of *lifecircle.Error
	if errors.As(err, &of) {
		said.Args = of.Args
	}
	var use useError
	switch {
	case errors.As(err, &use):
		said.Code = "use"
	case said.Code == "internal" && errors.Is(err, fs.ErrNotExist):
		said.Code = "file_missing"
	}
	if a.chinese() {
		if text, ok := sentenceZH(said.Code, said.Args); ok {
			said.Message = text
		}
	}
	switch {
	case a.format == "json":
		encoder := json.NewEncoder(out)
		encoder.SetEscapeHTML(false)
		_ = encoder.Encode(map[string]problem{"error": said}) // there is nobody left to tell
	case said.Message == said.Detail:
		fmt.Fprintf(out, "lifecircle: %s\n", said.Detail)
	default:
		fmt.Fprintf(out, "lifecircle：%s\n  详情：%s\n", said.Message, said.Detail)
	}
}

// chinese reports whether --lang, or else the locale, asks for Chinese; also before the
// flags are settled.
func (a *app) chinese() bool {
	return a.lang == "zh" || a.lang == "" && localeLanguage() == "zh"
}

// sentenceZH is what an error says in Chinese: the page's sentence or the command
// line's own.
func sentenceZH(code string, args map[string]any) (string, bool) {
	switch code {
	case "use":
		return "命令用法有误，见 --help。", true
	case "file_missing":
		return "没有这个文件或文件夹。", true
	case "internal":
		return "程序出错。", true
	}
	if text, ok := web.Text("zh", "error", code, args); ok {
		return text, true
	}
	text, ok := errorsZH()[code]
	if !ok && strings.HasPrefix(code, "siting_") { // one of the many ways to pose a question that is none
		text, ok = "选址问题的设定有误。", true
	}
	for name, value := range args {
		text = strings.ReplaceAll(text, "{{"+name+"}}", fmt.Sprint(value))
	}
	return text, ok && !strings.Contains(text, "{{")
}
