package elevation

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// The tags that are read: TIFF 6.0 (Adobe 1992), GeoTIFF 1.1 (OGC 19-008r4), and
// GDAL's own for the height that means unknown.
const (
	tagWidth           = 256
	tagHeight          = 257
	tagBits            = 258
	tagCompression     = 259
	tagStripOffsets    = 273
	tagSamples         = 277
	tagRowsPerStrip    = 278
	tagStripBytes      = 279
	tagPredictor       = 317
	tagTileWidth       = 322
	tagTileHeight      = 323
	tagTileOffsets     = 324
	tagTileBytes       = 325
	tagSampleFormat    = 339
	tagPixelScale      = 33550
	tagTiePoint        = 33922
	tagTransformation  = 34264
	tagGeoKeys         = 34735
	tagNoData          = 42113
	keyModelType       = 1024
	keyRasterType      = 1025
	modelGeographic    = 2
	rasterPixelIsPoint = 2
)

const (
	packedPlain      = 1
	packedLZW        = 5
	packedDeflate    = 8
	packedOldDeflate = 32946
)

const (
	predictorNone       = 1
	predictorHorizontal = 2
	predictorFloat      = 3
)

const (
	unsignedFormat = 1
	signedFormat   = 2
	floatFormat    = 3
)

// maxCells bounds a model: 1 GB in memory, a square of 4.5° in cells of an arc
// second.
const maxCells = 1 << 28

// tiff is a file under way.
type tiff struct {
	data  []byte
	order binary.ByteOrder
	tags  map[uint16]entry

	width, height         int
	bits, format          int
	packing, predictor    int
	blockWidth, blockRows int
	offsets, sizes        []uint64
	noData                float64 // NaN for none
}

// entry is a tag with where its values lie.
type entry struct {
	kind  uint16
	count int
	value []byte
}

func decode(data []byte) (*Model, error) {
	t := &tiff{data: data}
	if err := t.readTags(); err != nil {
		return nil, err
	}
	if err := t.readLayout(); err != nil {
		return nil, err
	}
	m, err := t.place()
	if err != nil {
		return nil, err
	}
	m.heights = make([]float32, t.width*t.height)
	if err := t.readBlocks(m.heights); err != nil {
		return nil, err
	}
	return m, nil
}

var errShort = errors.New("the file ends too early: fetch or copy it again")

// readTags reads the first directory of the file.
func (t *tiff) readTags() error {
	if len(t.data) < 8 {
		return errors.New("no TIFF: want a GeoTIFF")
	}
	switch string(t.data[:2]) {
	case "II":
		t.order = binary.LittleEndian
	case "MM":
		t.order = binary.BigEndian
	default:
		return errors.New("no TIFF: want a GeoTIFF")
	}
	switch t.order.Uint16(t.data[2:]) {
	case 42:
	case 43:
		return errors.New("a BigTIFF: convert it with `gdal_translate -co BIGTIFF=NO`")
	default:
		return errors.New("no TIFF: want a GeoTIFF")
	}
	start := int64(t.order.Uint32(t.data[4:]))
	if start+2 > int64(len(t.data)) {
		return errShort
	}
	count := int(t.order.Uint16(t.data[start:]))
	rows := t.data[start+2:]
	if len(rows) < 12*count {
		return errShort
	}
	t.tags = make(map[uint16]entry, count)
	for i := range count {
		row := rows[12*i:]
		e := entry{kind: t.order.Uint16(row[2:])}
		size, known := map[uint16]int64{1: 1, 2: 1, 3: 2, 4: 4, 11: 4, 12: 8}[e.kind]
		if !known {
			continue // a tag of a kind that none we read has
		}
		bytes := size * int64(t.order.Uint32(row[4:]))
		e.value = row[8:12]
		if bytes > 4 {
			at := int64(t.order.Uint32(row[8:]))
			if at+bytes > int64(len(t.data)) {
				return errShort
			}
			e.value = t.data[at : at+bytes]
		}
		e.value, e.count = e.value[:bytes], int(bytes/size)
		t.tags[t.order.Uint16(row)] = e
	}
	return nil
}

// whole returns the values of a tag of whole numbers, nil where it is missing.
func (t *tiff) whole(tag uint16) []uint64 {
	e := t.tags[tag]
	values := make([]uint64, 0, e.count)
	for i := range e.count {
		switch e.kind {
		case 1:
			values = append(values, uint64(e.value[i]))
		case 3:
			values = append(values, uint64(t.order.Uint16(e.value[2*i:])))
		case 4:
			values = append(values, uint64(t.order.Uint32(e.value[4*i:])))
		}
	}
	return values
}

// one returns the first value of a tag, or what it means when it is missing.
func (t *tiff) one(tag uint16, missing int) int {
	if values := t.whole(tag); len(values) > 0 {
		return int(min(values[0], math.MaxInt32))
	}
	return missing
}

func (t *tiff) doubles(tag uint16) []float64 {
	e := t.tags[tag]
	if e.kind != 12 {
		return nil
	}
	values := make([]float64, e.count)
	for i := range values {
		values[i] = math.Float64frombits(t.order.Uint64(e.value[8*i:]))
	}
	return values
}

func (t *tiff) readLayout() error {
	t.width, t.height = t.one(tagWidth, 0), t.one(tagHeight, 0)
	if t.width < 1 || t.height < 1 || int64(t.width)*int64(t.height) > maxCells {
		return fmt.Errorf("%d × %d cells: want at most 2^28, cut it with `gdal_translate -projwin`", t.width, t.height)
	}
	if samples := t.one(tagSamples, 1); samples != 1 {
		return fmt.Errorf("%d bands: take the one of the height with `gdal_translate -b`", samples)
	}
	t.bits, t.format = t.one(tagBits, 1), t.one(tagSampleFormat, unsignedFormat)
	whole := t.format == unsignedFormat || t.format == signedFormat
	if !(whole && (t.bits == 8 || t.bits == 16 || t.bits == 32) || t.format == floatFormat && (t.bits == 32 || t.bits == 64)) {
		return fmt.Errorf("numbers of %d bits and format %d: convert them with `gdal_translate -ot Float32`", t.bits, t.format)
	}
	t.packing, t.predictor = t.one(tagCompression, packedPlain), t.one(tagPredictor, predictorNone)
	switch t.packing {
	case packedPlain:
		t.predictor = predictorNone
	case packedLZW, packedDeflate, packedOldDeflate:
	default:
		return fmt.Errorf("compression %d: convert it with `gdal_translate -co COMPRESS=DEFLATE`", t.packing)
	}
	if t.predictor < predictorNone || t.predictor > predictorFloat || t.predictor == predictorFloat && t.format != floatFormat ||
		t.predictor == predictorHorizontal && t.format == floatFormat {
		return fmt.Errorf("predictor %d on format %d: convert it with `gdal_translate -co PREDICTOR=1`", t.predictor, t.format)
	}
	t.blockWidth, t.blockRows = t.width, min(t.one(tagRowsPerStrip, t.height), t.height)
	t.offsets, t.sizes = t.whole(tagStripOffsets), t.whole(tagStripBytes)
	if len(t.offsets) == 0 {
		t.blockWidth, t.blockRows = t.one(tagTileWidth, 0), t.one(tagTileHeight, 0)
		t.offsets, t.sizes = t.whole(tagTileOffsets), t.whole(tagTileBytes)
	}
	if t.blockWidth < 1 || t.blockRows < 1 || int64(t.blockWidth)*int64(t.blockRows) > maxCells {
		return fmt.Errorf("blocks of %d × %d cells", t.blockWidth, t.blockRows)
	}
	across, down := t.blocks()
	if len(t.offsets) != across*down || len(t.sizes) != across*down {
		return fmt.Errorf("%d blocks and %d sizes, want %d", len(t.offsets), len(t.sizes), across*down)
	}
	t.noData = math.NaN()
	if e, ok := t.tags[tagNoData]; ok {
		text := strings.TrimSpace(strings.TrimRight(string(e.value), "\x00"))
		if v, err := strconv.ParseFloat(text, 64); err == nil {
			t.noData = v
		}
	}
	return nil
}

func (t *tiff) blocks() (across, down int) {
	return (t.width + t.blockWidth - 1) / t.blockWidth, (t.height + t.blockRows - 1) / t.blockRows
}

// place finds where the cells lie.
func (t *tiff) place() (*Model, error) {
	keys := t.whole(tagGeoKeys)
	key := func(id uint64) uint64 {
		for i := 4; i+3 < len(keys); i += 4 {
			if keys[i] == id && keys[i+1] == 0 {
				return keys[i+3]
			}
		}
		return 0
	}
	if key(keyModelType) != modelGeographic {
		return nil, errors.New("not in degrees: convert it with `gdalwarp -t_srs EPSG:4326`")
	}
	m := &Model{columns: t.width, rows: t.height}
	scale, tie, matrix := t.doubles(tagPixelScale), t.doubles(tagTiePoint), t.doubles(tagTransformation)
	switch {
	case len(scale) >= 2 && len(tie) >= 6:
		m.stepLon, m.stepLat = scale[0], scale[1]
		m.west, m.north = tie[3]-tie[0]*m.stepLon, tie[4]+tie[1]*m.stepLat
	case len(matrix) == 16 && matrix[1] == 0 && matrix[4] == 0:
		m.stepLon, m.stepLat = matrix[0], -matrix[5]
		m.west, m.north = matrix[3], matrix[7]
	default:
		return nil, errors.New("it does not say where its cells lie, or they are turned: convert it with `gdalwarp -t_srs EPSG:4326`")
	}
	if key(keyRasterType) != rasterPixelIsPoint {
		m.west, m.north = m.west+m.stepLon/2, m.north-m.stepLat/2
	}
	b := m.Bounds()
	if !(m.stepLon > 0) || !(m.stepLat > 0) || !(b.Min.Lon >= -361 && b.Max.Lon <= 361 && b.Min.Lat >= -91 && b.Max.Lat <= 91) {
		return nil, fmt.Errorf("its cells lie from %v, %v to %v, %v: want degrees, north up", b.Min.Lon, b.Min.Lat, b.Max.Lon, b.Max.Lat)
	}
	return m, nil
}

func (t *tiff) readBlocks(heights []float32) error {
	across, _ := t.blocks()
	size := t.bits / 8
	var buffer []byte
	for i := range t.offsets {
		left, top := i%across*t.blockWidth, i/across*t.blockRows
		rows := t.blockRows
		if t.blockWidth == t.width && t.tags[tagTileOffsets].count == 0 {
			rows = min(rows, t.height-top) // the last strip is as long as it needs
		}
		block, err := t.block(i, t.blockWidth*rows*size, buffer)
		if err != nil {
			return fmt.Errorf("block %d: %w", i, err)
		}
		for row := range min(rows, t.height-top) {
			line := block[row*t.blockWidth*size:][:t.blockWidth*size]
			t.undoPredictor(line)
			out := heights[(top+row)*t.width+left:]
			for x := range min(t.blockWidth, t.width-left) {
				out[x] = t.height32(line[x*size:])
			}
		}
		buffer = block
	}
	return nil
}

// block returns the unpacked bytes of a block, so many exactly; buffer may be used
// for them.
func (t *tiff) block(i, want int, buffer []byte) ([]byte, error) {
	offset, size := t.offsets[i], t.sizes[i]
	if offset > uint64(len(t.data)) || size > uint64(len(t.data))-offset {
		return nil, errShort
	}
	packed := t.data[offset : offset+size]
	if cap(buffer) < want {
		buffer = make([]byte, want)
	}
	out := buffer[:want]
	switch t.packing {
	case packedPlain:
		if copy(out, packed) < want {
			return nil, errShort
		}
		return out, nil
	case packedLZW:
		return out, unpackLZW(out, packed)
	}
	z, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("damaged: %w", err)
	}
	if _, err := io.ReadFull(z, out); err != nil {
		return nil, fmt.Errorf("damaged: %w", err)
	}
	return out, nil
}

// undoPredictor turns the differences in a row back into numbers.
func (t *tiff) undoPredictor(line []byte) {
	size := t.bits / 8
	switch t.predictor {
	case predictorHorizontal:
		for x := size; x+size <= len(line); x += size {
			switch size {
			case 1:
				line[x] += line[x-1]
			case 2:
				t.order.PutUint16(line[x:], t.order.Uint16(line[x:])+t.order.Uint16(line[x-2:]))
			case 4:
				t.order.PutUint32(line[x:], t.order.Uint32(line[x:])+t.order.Uint32(line[x-4:]))
			}
		}
	case predictorFloat:
		// Differences of bytes, and the most significant bytes of all numbers first
		// (Adobe Photoshop TIFF technical note 3).
		for x := 1; x < len(line); x++ {
			line[x] += line[x-1]
		}
		count := len(line) / size
		planes := bytes.Clone(line)
		for x := range count {
			for b := range size {
				at := b
				if t.order == binary.ByteOrder(binary.LittleEndian) {
					at = size - 1 - b
				}
				line[x*size+at] = planes[b*count+x]
			}
		}
	}
}

// height32 reads one number; NaN is unknown.
func (t *tiff) height32(cell []byte) float32 {
	var v float64
	switch {
	case t.bits == 8 && t.format == signedFormat:
		v = float64(int8(cell[0]))
	case t.bits == 8:
		v = float64(cell[0])
	case t.bits == 16 && t.format == signedFormat:
		v = float64(int16(t.order.Uint16(cell)))
	case t.bits == 16:
		v = float64(t.order.Uint16(cell))
	case t.bits == 32 && t.format == signedFormat:
		v = float64(int32(t.order.Uint32(cell)))
	case t.bits == 32 && t.format == unsignedFormat:
		v = float64(t.order.Uint32(cell))
	case t.bits == 32:
		v = float64(math.Float32frombits(t.order.Uint32(cell)))
	default:
		v = math.Float64frombits(t.order.Uint64(cell))
	}
	// The text of the mark may have more digits than a float keeps.
	if v == t.noData || float32(v) == float32(t.noData) || math.IsInf(v, 0) {
		return float32(math.NaN())
	}
	return float32(v)
}
