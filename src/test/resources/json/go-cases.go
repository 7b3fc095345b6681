// SPDX-License-Identifier: Apache-2.0

// Fills the second column of go-cases.tsv with what Go's encoding/json makes of the first:
//
//	go run go-cases.go < go-cases.tsv > new.tsv
//
// Bytes outside printable ASCII are written \xNN in both columns, a backslash as two.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

type ImageData []byte

type Message struct {
	Role    string      `json:"role"`
	Content string      `json:"content"`
	Images  []ImageData `json:"images,omitempty"`
}

type ChatRequest struct {
	Model       string            `json:"model"`
	Messages    []Message         `json:"messages"`
	Stream      *bool             `json:"stream,omitempty"`
	Raw         bool              `json:"raw"`
	TopLogprobs int               `json:"top_logprobs"`
	Rate        float64           `json:"rate"`
	Stops       []string          `json:"stops"`
	Files       map[string]string `json:"files"`
	Options     map[string]any    `json:"options"`
}

func unescape(s string) []byte {
	var b []byte
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			b = append(b, s[i])
		} else if s[i+1] == '\\' {
			b = append(b, '\\')
			i++
		} else {
			c, _ := strconv.ParseUint(s[i+2:i+4], 16, 8)
			b = append(b, byte(c))
			i += 3
		}
	}
	return b
}

func escape(b []byte) string {
	var s strings.Builder
	for _, c := range b {
		switch {
		case c == '\\':
			s.WriteString(`\\`)
		case c >= ' ' && c < 0x7f:
			s.WriteByte(c)
		default:
			fmt.Fprintf(&s, `\x%02x`, c)
		}
	}
	return s.String()
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		body, _, _ := strings.Cut(in.Text(), "\t")
		var request ChatRequest
		err := json.NewDecoder(bytes.NewReader(unescape(body))).Decode(&request)
		answer := "E missing request body"
		if err == nil {
			value, _ := json.Marshal(request)
			answer = "V " + string(value)
		} else if err != io.EOF {
			answer = "E " + strings.ReplaceAll(err.Error(), "main.", "api.")
		}
		fmt.Println(body + "\t" + escape([]byte(answer)))
	}
}
