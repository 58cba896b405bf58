package lifecircle

import "strings"

// GuardCell writes a text as a cell of CSV so that no spreadsheet takes it for a
// formula: an apostrophe goes before what would begin one. Numbers, negative ones
// too, stay as they are, and so do nearly all texts. BareCell takes it off again,
// so nothing is changed by going out and coming in.
func GuardCell(text string) string {
	if active(strings.TrimLeft(text, "'")) {
		return "'" + text
	}
	return text
}

// BareCell returns the text of a cell that GuardCell, or a program that guards
// likewise, has written.
func BareCell(cell string) string {
	if bare, guarded := strings.CutPrefix(cell, "'"); guarded && active(strings.TrimLeft(bare, "'")) {
		return bare
	}
	return cell
}

// active reports whether a spreadsheet would reckon with a text.
func active(text string) bool {
	return text != "" && strings.ContainsRune("=+@\t\r", rune(text[0])) ||
		strings.HasPrefix(text, "-") && strings.Trim(text, "-0123456789.") != ""
}
