package rule

import (
	"slices"

	"lifecircle"
)

// ColumnOf is a column of values.
func ColumnOf(values []Value) Column {
	c := blank(len(values))
	for i, v := range values {
		c.set(i, v)
	}
	return c
}

// ColumnOfNumbers is a column of numbers in base units; it keeps the slice.
func ColumnOfNumbers(numbers []lifecircle.Number) Column {
	return Column{length: len(numbers), kinds: slices.Repeat([]kind{isNumber}, len(numbers)), numbers: numbers}
}
