package atlas

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"

	"lifecircle"
)

// Font is a font that has Chinese letters.
type Font struct{ font *opentype.Font }

// systemFonts are where Debian, Ubuntu, Fedora, openEuler, Arch and Alpine put fonts with
// Chinese letters, the better first. None is brought along: one takes 16 MB.
var systemFonts = []string{
	"/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
	"/usr/share/fonts/truetype/noto/NotoSansCJK-Regular.ttc",
	"/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
	"/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc",
	"/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
	"/usr/share/fonts/noto/NotoSansCJK-Regular.ttc",
	"/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
	"/usr/share/fonts/wqy-microhei/wqy-microhei.ttc",
	"/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
}

// SystemFont opens the first font with Chinese letters that the machine has. Without one
// the error is font_missing, which names the remedy.
func SystemFont() (*Font, error) { return OpenFont(systemFonts...) }

// OpenFont opens the first of some files that exists. Its errors are font_missing, and
// font_faulty for a file that is no font.
func OpenFont(paths ...string) (*Font, error) {
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("open font: %w", err)
		}
		f, err := readFont(data)
		if err != nil {
			return nil, lifecircle.Errorf("font_faulty", "%s is no font that can be read: %w", path, err)
		}
		return f, nil
	}
	return nil, lifecircle.Errorf("font_missing", "this machine has no font with Chinese letters, which a map as PNG needs: install one (Debian: apt-get install fonts-noto-cjk), or ask for the map as SVG")
}

// readFont reads a font, of a collection the one for simplified Chinese.
func readFont(data []byte) (*Font, error) {
	all, err := opentype.ParseCollection(data)
	if err != nil {
		return nil, err
	}
	best := 0
	for i := range all.NumFonts() {
		f, err := all.Font(i)
		if err != nil {
			return nil, err
		}
		family, err := f.Name(nil, sfnt.NameIDFamily)
		if err == nil && strings.HasSuffix(family, " SC") && !strings.Contains(family, "Mono") {
			best = i
		}
	}
	f, err := all.Font(best)
	if err != nil {
		return nil, err
	}
	return &Font{f}, nil
}
