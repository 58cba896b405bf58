package atlas

import (
	"math"
	"slices"
	"strconv"
)

// Asked is the number that values are held to.
type Asked struct {
	Target float64
	Least  bool // of it or more; else of it or less
}

// Band is a class of values: both ends belong to it, but where two meet the better one
// has the end. An end that is infinite is open.
type Band struct {
	Tone     Tone
	From, To float64
}

// Scale parts the values of areas into classes, best first, or in the order of the values
// where nothing is asked. What is asked is always where two classes meet, so that none
// holds both who keeps a promise and who does not.
type Scale []Band

// steps are the classes of values of which nothing is asked.
const steps = 4

// NewScale makes the scale of values, of which NaN is no data; asked is nil where nothing
// is. Beyond and short of the target the values are parted once more at a round number,
// about half way to the farthest.
func NewScale(values []float64, asked *Asked) Scale {
	least, most := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if !math.IsNaN(v) {
			least, most = min(least, v), max(most, v)
		}
	}
	if math.IsInf(least, 1) {
		return nil
	}
	if asked == nil {
		return sequence(least, most)
	}
	better, worse, towards := most-asked.Target, asked.Target-least, 1.0
	if !asked.Least {
		better, worse, towards = asked.Target-least, most-asked.Target, -1
	}
	scale := parted(asked.Target, towards, better, [2]Tone{ToneMet, ToneBest})
	slices.Reverse(scale)
	return append(scale, parted(asked.Target, -towards, worse, [2]Tone{ToneShort, ToneFarShort})...)
}

// parted parts what lies on one side of a number into a near and a far class.
func parted(at, towards, farthest float64, tones [2]Tone) Scale {
	band := func(tone Tone, from, to float64) Band { return Band{tone, min(from, to), max(from, to)} }
	end := towards * math.Inf(1)
	middle := tidy(at + towards*round(farthest/2))
	if (middle-at)*towards <= 0 {
		return Scale{band(tones[0], at, end)}
	}
	return Scale{band(tones[0], at, middle), band(tones[1], middle, end)}
}

// sequence parts values of which nothing is asked at round numbers.
func sequence(least, most float64) Scale {
	width := round((most - least) / steps)
	if width == 0 {
		return Scale{{ToneStep1, math.Inf(-1), math.Inf(1)}}
	}
	for (most-least)/width > steps {
		width = above(width)
	}
	first := math.Floor(least/width) * width
	var scale Scale
	for i := range steps {
		from, to := tidy(first+float64(i)*width), tidy(first+float64(i+1)*width)
		if i == 0 {
			from = min(from, least)
		}
		if i == steps-1 || to >= most {
			return append(scale, Band{ToneStep1 + Tone(i), from, math.Inf(1)})
		}
		scale = append(scale, Band{ToneStep1 + Tone(i), from, to})
	}
	return scale
}

// round returns the largest of 1, 2 and 5 times a power of ten that is no larger.
func round(v float64) float64 {
	if v <= 0 || math.IsNaN(v) {
		return 0
	}
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, digit := range []float64{5, 2} {
		if v >= digit*power {
			return digit * power
		}
	}
	return power
}

// above returns the next larger of those.
func above(v float64) float64 { return round(v * 2.6) }

// tidy takes away what adding up binary fractions leaves.
func tidy(v float64) float64 {
	const digits = 12
	short, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', digits, 64), 64)
	if err != nil {
		panic(err) // it was a number
	}
	return short
}

// Tone returns how a value is filled.
func (s Scale) Tone(v float64) Tone {
	for _, band := range s {
		if v >= band.From && v <= band.To {
			return band.Tone
		}
	}
	return ToneNoData
}
