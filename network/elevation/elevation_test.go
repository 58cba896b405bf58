package elevation

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"lifecircle"
	"lifecircle/geo"
)

// image writes a GeoTIFF by hand: one strip of 16-bit numbers, plain.
type image struct {
	width, height int
	cells         []int16
	change        map[uint16][]uint16 // tags of short numbers instead of the usual
	noData        string
	scale, tie    []float64
}

// three by two cells of a degree whose north-western corner is 10° E, 40° N.
func smallImage() image {
	return image{
		width: 3, height: 2, cells: []int16{0, 100, 200, 40, -99, 60}, noData: "-99",
		scale: []float64{1, 1, 0}, tie: []float64{0, 0, 0, 10, 40, 0},
	}
}

func (im image) bytes() []byte {
	type tag struct {
		id, kind uint16
		count    int
		value    []byte
	}
	little := binary.LittleEndian
	short := func(id uint16, values ...uint16) tag {
		if changed, ok := im.change[id]; ok {
			values = changed
		}
		t := tag{id: id, kind: 3, count: len(values)}
		for _, v := range values {
			t.value = little.AppendUint16(t.value, v)
		}
		return t
	}
	double := func(id uint16, values []float64) tag {
		t := tag{id: id, kind: 12, count: len(values)}
		for _, v := range values {
			t.value = little.AppendUint64(t.value, math.Float64bits(v))
		}
		return t
	}
	const data = 1024
	tags := []tag{
		short(tagWidth, uint16(im.width)), short(tagHeight, uint16(im.height)), short(tagBits, 16), short(tagCompression, 1),
		short(tagStripOffsets, data), short(tagSamples, 1), short(tagRowsPerStrip, uint16(im.height)),
		short(tagStripBytes, uint16(2*len(im.cells))), short(tagPredictor, 1), short(tagSampleFormat, 2),
		double(tagPixelScale, im.scale), double(tagTiePoint, im.tie), short(tagGeoKeys, 1, 1, 0, 1, keyModelType, 0, 1, modelGeographic),
		{tagNoData, 2, len(im.noData) + 1, append([]byte(im.noData), 0)},
	}
	out := append([]byte("II"), 42, 0, 8, 0, 0, 0)
	out = little.AppendUint16(out, uint16(len(tags)))
	var far []byte
	at := len(out) + 12*len(tags) + 4
	for _, t := range tags {
		out = little.AppendUint16(out, t.id)
		out = little.AppendUint16(out, t.kind)
		out = little.AppendUint32(out, uint32(t.count))
		if len(t.value) <= 4 {
			out = append(out, append(t.value, 0, 0, 0, 0)[:4]...)
			continue
		}
		out = little.AppendUint32(out, uint32(at+len(far)))
		far = append(far, t.value...)
	}
	out = append(append(out, 0, 0, 0, 0), far...)
	out = append(out, make([]byte, data-len(out))...)
	for _, c := range im.cells {
		out = little.AppendUint16(out, uint16(c))
	}
	return out
}

func TestHeightsByArithmetic(t *testing.T) {
	t.Parallel()
	m, err := decode(smallImage().bytes())
	if err != nil {
		t.Fatal(err)
	}
	if want := (geo.Bounds{Min: geo.Point{Lon: 10, Lat: 38}, Max: geo.Point{Lon: 13, Lat: 40}}); m.Bounds() != want {
		t.Errorf("bounds %v, want %v", m.Bounds(), want)
	}
	for _, c := range []struct {
		lon, lat, want float64
		ok             bool
	}{
		{10.5, 39.5, 0, true},
		{11.5, 39.5, 100, true},
		{11, 39.5, 50, true},
		{12, 39.5, 150, true},
		{10.5, 39, 20, true},
		{10.5, 38.5, 40, true},
		{12.5, 39, 130, true},
		{10, 40, 0, true},      // the corner is as high as the middle of its cell
		{13, 38, 60, true},     // so is this
		{11, 39, 0, false},     // beside the cell that is not known
		{11.5, 38.5, 0, false}, // in it
		{9.99, 39.5, 0, false},
		{11.5, 40.01, 0, false},
		{math.NaN(), 39.5, 0, false},
	} {
		if got, ok := m.At(geo.Point{Lon: c.lon, Lat: c.lat}); got != c.want && c.ok || ok != c.ok {
			t.Errorf("%v, %v: %v %v, want %v %v", c.lon, c.lat, got, ok, c.want, c.ok)
		}
	}
	point := smallImage()
	point.change = map[uint16][]uint16{tagGeoKeys: {1, 1, 0, 2, keyModelType, 0, 1, modelGeographic, keyRasterType, 0, 1, rasterPixelIsPoint}}
	if m, err = decode(point.bytes()); err != nil {
		t.Fatal(err)
	}
	if h, ok := m.At(geo.Point{Lon: 11, Lat: 40}); h != 100 || !ok {
		t.Errorf("cells as points: %v %v, want 100", h, ok)
	}
}

func TestBadElevation(t *testing.T) {
	t.Parallel()
	with := func(tag uint16, values ...uint16) []byte {
		im := smallImage()
		im.change = map[uint16][]uint16{tag: values}
		return im.bytes()
	}
	good := smallImage().bytes()
	wide := smallImage()
	wide.scale = []float64{1000, 1000, 0}
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"empty":          {nil, "no TIFF"},
		"a web page":     {[]byte("<!doctype html>"), "no TIFF"},
		"a BigTIFF":      {[]byte("II\x2b\x00\x08\x00\x00\x00"), "BIGTIFF=NO"},
		"cut off":        {good[:len(good)-1], "ends too early"},
		"cut in tags":    {good[:100], "ends too early"},
		"in metres":      {with(tagGeoKeys, 1, 1, 0, 1, keyModelType, 0, 1, 1), "gdalwarp"},
		"no place":       {with(tagGeoKeys, 1, 1, 0, 0), "gdalwarp"},
		"colours":        {with(tagSamples, 3), "-b"},
		"one bit":        {with(tagBits, 1), "-ot Float32"},
		"JPEG":           {with(tagCompression, 7), "COMPRESS=DEFLATE"},
		"no cells":       {with(tagWidth, 0), "0 × 2 cells"},
		"a huge strip":   {with(tagStripBytes, 65535), "ends too early"},
		"a far strip":    {with(tagStripOffsets, 65535), "ends too early"},
		"strips missing": {with(tagRowsPerStrip, 1), "want 2"},
		"not packed":     {with(tagCompression, packedDeflate), "damaged"},
		"no LZW":         {with(tagCompression, packedLZW), "LZW"},
		"off the earth":  {wide.bytes(), "want degrees"},
	} {
		path := filepath.Join(t.TempDir(), "bad.tif")
		if err := os.WriteFile(path, c.data, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path); lifecircle.ErrorCode(err) != "elevation_invalid" || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v, want it to say %q and the file's name", name, err, c.want)
		}
	}
	if _, err := Open("none.tif"); lifecircle.ErrorCode(err) != "elevation_unreadable" {
		t.Errorf("a missing file: %v", err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(smallImage().bytes())
	im := smallImage()
	im.change = map[uint16][]uint16{tagCompression: {packedLZW}}
	f.Add(im.bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := decode(data)
		if err != nil {
			return
		}
		b := m.Bounds()
		for _, p := range []geo.Point{b.Min, b.Max, {Lon: (b.Min.Lon + b.Max.Lon) / 2, Lat: (b.Min.Lat + b.Max.Lat) / 2}} {
			m.At(p)
		}
	})
}

func FuzzLZW(f *testing.F) {
	f.Add([]byte{0x80, 0x00, 0x20, 0x10}, 4)
	f.Fuzz(func(t *testing.T, packed []byte, size int) {
		if size < 0 || size > 1<<16 {
			return
		}
		if err := unpackLZW(make([]byte, size), packed); err == nil && size > 0 && len(packed) == 0 {
			t.Error("something from nothing")
		}
	})
}

// In every packing GDAL writes, every height equals the one GDAL reads there.
func TestHeightsEqualGDAL(t *testing.T) {
	t.Parallel()
	source := filepath.Join("..", "..", "..", "shared", "data", "poa", "poa_elevation.tif")
	if _, err := os.Stat(source); err != nil {
		t.Skipf("no sample: %v", err)
	}
	for _, tool := range []string{"gdal_translate", "gdallocationinfo"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("no GDAL to compare with (apt-get install gdal-bin): %v", err)
		}
	}
	for name, options := range map[string]string{
		"as it is":          "",
		"float":             "-ot Float32 -scale 0 255 -20.5 1000.25",
		"double":            "-ot Float64 -scale 0 255 -20.5 1000.25",
		"int16, LZW":        "-ot Int16 -scale 0 255 -500 3000 -co COMPRESS=LZW",
		"int16, LZW, 2":     "-ot Int16 -scale 0 255 -500 3000 -co COMPRESS=LZW -co PREDICTOR=2",
		"int16, deflate, 2": "-ot Int16 -scale 0 255 -500 3000 -co COMPRESS=DEFLATE -co PREDICTOR=2 -co TILED=YES",
		"float, deflate, 3": "-ot Float32 -scale 0 255 -20.5 1000.25 -co COMPRESS=DEFLATE -co PREDICTOR=3",
		"float, LZW, 3":     "-ot Float32 -scale 0 255 -20.5 1000.25 -co COMPRESS=LZW -co PREDICTOR=3",
		"float, LZW, big":   "-ot Float32 -scale 0 255 -20.5 1000.25 -co COMPRESS=LZW -co ENDIANNESS=BIG",
		"int32, big, tiles": "-ot Int32 -co TILED=YES -co BLOCKXSIZE=64 -co BLOCKYSIZE=128 -co ENDIANNESS=BIG -co COMPRESS=DEFLATE -co PREDICTOR=2",
		"uint16, one strip": "-ot UInt16 -co BLOCKYSIZE=403",
		"unknown heights":   "-a_nodata 3",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "dem.tif")
			args := append(strings.Fields(options), "-q", source, path)
			if out, err := exec.Command("gdal_translate", args...).CombinedOutput(); err != nil {
				t.Fatalf("gdal_translate: %v\n%s", err, out)
			}
			m, err := Open(path)
			if err != nil {
				t.Fatal(err)
			}
			random := rand.New(rand.NewPCG(1, 2))
			const samples = 400
			var asked bytes.Buffer
			cells := make([][2]int, samples)
			for i := range cells {
				cells[i] = [2]int{random.IntN(m.columns), random.IntN(m.rows)}
				fmt.Fprintln(&asked, cells[i][0], cells[i][1])
			}
			command := exec.Command("gdallocationinfo", "-valonly", path)
			command.Stdin = &asked
			out, err := command.Output()
			if err != nil {
				t.Fatal(err)
			}
			lines := strings.Split(strings.TrimRight(string(out), "\n"), "\n")
			if len(lines) != samples {
				t.Fatalf("GDAL says %d heights, want %d", len(lines), samples)
			}
			different := make(map[float64]bool)
			for i, line := range lines {
				want, err := strconv.ParseFloat(strings.TrimSpace(line), 64)
				if err != nil {
					t.Fatalf("GDAL says %q", line)
				}
				at := geo.Point{Lon: m.west + float64(cells[i][0])*m.stepLon, Lat: m.north - float64(cells[i][1])*m.stepLat}
				got, ok := m.At(at)
				known := name != "unknown heights" || want != 3
				// The point is a cell's middle but for the rounding of degrees; a height of
				// 64 bits is kept in 32.
				if ok != known && known || known && math.Abs(got-want) > 1e-4*max(1, math.Abs(want)) {
					t.Fatalf("cell %v: %v %v, GDAL says %v", cells[i], got, ok, want)
				}
				different[want] = true
			}
			if len(different) < 10 {
				t.Errorf("only %d different heights were compared", len(different))
			}
		})
	}
}

func BenchmarkOpen(b *testing.B) {
	path := filepath.Join("..", "..", "..", "shared", "data", "poa", "poa_elevation.tif")
	if _, err := os.Stat(path); err != nil {
		b.Skipf("no sample: %v", err)
	}
	for b.Loop() {
		if _, err := Open(path); err != nil {
			b.Fatal(err)
		}
	}
}
