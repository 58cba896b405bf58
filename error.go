package lifecircle

import (
	"errors"
	"fmt"
)

// Error is an error a person will see. Code is stable and the browser turns it
// into Chinese or English with Args; the message is English for logs and the
// command line. Every other error is shown as "internal" and logged once, at
// the edge.
type Error struct {
	Code string
	Args map[string]any
	err  error
}

// Errorf makes an Error; the format may wrap another error with %w.
func Errorf(code, format string, args ...any) *Error {
	return &Error{Code: code, err: fmt.Errorf(format, args...)}
}

// With returns e with one more argument for the translated message.
func (e *Error) With(key string, value any) *Error {
	if e.Args == nil {
		e.Args = make(map[string]any, 1)
	}
	e.Args[key] = value
	return e
}

// Error returns the English message.
func (e *Error) Error() string { return e.err.Error() }

// Unwrap returns the wrapped error, if any.
func (e *Error) Unwrap() error { return errors.Unwrap(e.err) }

// ErrorCode returns the code of the first Error in err's chain, or "internal".
func ErrorCode(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return "internal"
}
