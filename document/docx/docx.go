// Package docx writes a document as a Word file (ECMA-376 part 1, transitional),
// laid out after GB/T 9704-2012 where the document is an official one. It is a writer
// of the few elements that reports need and reads nothing. There is no clock in it:
// the same document gives the same bytes. The API and the command line import it.
package docx

import (
	"archive/zip"
	"fmt"
	"io"
	"time"

	"lifecircle/document"
)

// Write writes a document.
func Write(w io.Writer, d document.Document) error {
	b := &body{document: d, layout: layoutOf(d)}
	b.write()
	out := zip.NewWriter(w)
	parts := []part{
		{"[Content_Types].xml", contentTypes},
		{"_rels/.rels", rootRelations},
		{"docProps/core.xml", core(d)},
		{"word/document.xml", b.out.String()},
		{"word/_rels/document.xml.rels", b.relations()},
		{"word/styles.xml", styles(b.layout)},
		{"word/settings.xml", settings},
		{"word/footer1.xml", footer("right")},
		{"word/footer2.xml", footer("left")},
	}
	for i, picture := range b.pictures {
		parts = append(parts, part{mediaName(i), string(picture)})
	}
	for _, p := range parts {
		// The first day that a zip knows: a date of today would be another file tomorrow.
		file, err := out.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			return err
		}
		if _, err := io.WriteString(file, p.content); err != nil {
			return err
		}
	}
	return out.Close()
}

// part is a file of the package.
type part struct{ name, content string }

func mediaName(i int) string { return fmt.Sprintf("word/media/map%d.png", i+1) }

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

const contentTypes = xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
	`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
	`<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>` +
	`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>` +
	`<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>` +
	`<Override PartName="/word/settings.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/>` +
	`<Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/>` +
	`<Override PartName="/word/footer2.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/>` +
	`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`

const relationshipTypes = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

const rootRelations = xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
	`<Relationship Id="rId1" Type="` + relationshipTypes + `officeDocument" Target="word/document.xml"/>` +
	`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`

// core are the properties of the file: its title, and its own day where one is known.
func core(d document.Document) string {
	text := xmlHead + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" ` +
		`xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
		`<dc:title>` + escaped(d.Title) + `</dc:title><dc:creator>lifecircle</dc:creator>`
	if d.Day != "" {
		for _, what := range []string{"created", "modified"} {
			text += `<dcterms:` + what + ` xsi:type="dcterms:W3CDTF">` + escaped(d.Day) + `T00:00:00Z</dcterms:` + what + `>`
		}
	}
	return text + `</cp:coreProperties>`
}

// settings make left pages differ from right ones.
const settings = xmlHead + `<w:settings xmlns:w="` + namespaceW + `"><w:evenAndOddHeaders/>` +
	`<w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>`

// footer is a page number between dashes in size 4, one character in from the outer
// side of the type area.
func footer(side string) string {
	return xmlHead + `<w:ftr xmlns:w="` + namespaceW + `"><w:p><w:pPr><w:pStyle w:val="PageNumber"/><w:jc w:val="` + side + `"/></w:pPr>` +
		`<w:r><w:t xml:space="preserve">— </w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>` +
		`<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t xml:space="preserve"> —</w:t></w:r></w:p></w:ftr>`
}
