// SPDX-License-Identifier: Apache-2.0

// Command templates renders Go templates for the differential test of dev.puna.template: it reads lines of
// {"template": text, "data": value} and writes lines of {"output": base64} or {"error": base64}. Whole numbers become ints, all
// others float64. It uses nothing but the standard library.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"text/template"
	"time"
)

type task struct {
	Template string `json:"template"`
	Data     any    `json:"data"`
}

type answer struct {
	Output []byte `json:"output,omitempty"`
	Error  []byte `json:"error,omitempty"`
	// Skipped says that the template takes too long or writes too much to be compared.
	Skipped bool `json:"skipped,omitempty"`
}

const (
	longest  = time.Second
	mostText = 1 << 20
)

type bounded struct {
	bytes.Buffer
}

var errTooMuch = errors.New("too much text")

func (b *bounded) Write(text []byte) (int, error) {
	if b.Len()+len(text) > mostText {
		return 0, errTooMuch
	}
	return b.Buffer.Write(text)
}

var functions = template.FuncMap{
	"json": func(value any) string {
		text, _ := json.Marshal(value)
		return string(text)
	},
	"currentDate":      func(...string) string { return time.Now().Format("2006-01-02") },
	"yesterdayDate":    func(...string) string { return time.Now().AddDate(0, 0, -1).Format("2006-01-02") },
	"toTypeScriptType": func(any) string { return "any" },
}

func main() {
	lines := bufio.NewReaderSize(os.Stdin, 1<<20)
	answers := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(answers)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		answered := make(chan answer, 1)
		go func() { answered <- run(line) }()
		select {
		case result := <-answered:
			if err := encoder.Encode(result); err != nil {
				panic(err)
			}
			answers.Flush()
		case <-time.After(longest):
			// Nothing stops a template that runs, but the end of the program: whoever asks starts another.
			_ = encoder.Encode(answer{Skipped: true})
			answers.Flush()
			return
		}
	}
}

func run(line []byte) answer {
	var asked task
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.UseNumber()
	if err := decoder.Decode(&asked); err != nil {
		panic(err)
	}
	parsed, err := template.New("").Option("missingkey=zero").Funcs(functions).Parse(asked.Template)
	if err != nil {
		return answer{Error: []byte(err.Error())}
	}
	var output bounded
	if err := parsed.Execute(&output, typed(asked.Data)); err != nil {
		if errors.Is(err, errTooMuch) {
			return answer{Skipped: true}
		}
		return answer{Error: []byte(err.Error())}
	}
	return answer{Output: output.Bytes()}
}

// typed gives numbers their types, and slices a capacity that both sides know.
func typed(value any) any {
	switch value := value.(type) {
	case json.Number:
		if !strings.ContainsAny(value.String(), ".eE") {
			if number, err := value.Int64(); err == nil {
				return int(number)
			}
		}
		number, _ := value.Float64()
		return number
	case []any:
		list := make([]any, len(value))
		for i, element := range value {
			list[i] = typed(element)
		}
		return list
	case map[string]any:
		for key, element := range value {
			value[key] = typed(element)
		}
		return value
	default:
		return value
	}
}
