package access

import (
	"math/big"
	"math/bits"
)

// ScoreBits are the binary places of a Score.
const ScoreBits = 40

// Score is a measure of access in units of 2^-40, kept in 128 bits: sums of whole
// numbers do not depend on their order, so adding and removing places gives the
// same bits as computing anew. The zero Score is 0 and == compares values.
type Score struct{ high, low uint64 }

// Add returns the sum. No sum of fewer than 2^32 people or places overflows.
func (s Score) Add(t Score) Score {
	low, carry := bits.Add64(s.low, t.low, 0)
	high, _ := bits.Add64(s.high, t.high, carry)
	return Score{high, low}
}

// Float64 returns the score as the nearest number; it is for display and for the
// last division of an index.
func (s Score) Float64() float64 {
	f, _ := new(big.Float).SetMantExp(new(big.Float).SetInt(s.Units()), -ScoreBits).Float64()
	return f
}

// Units returns the score in units of 2^-40.
func (s Score) Units() *big.Int {
	n := new(big.Int).SetUint64(s.high)
	return n.Or(n.Lsh(n, 64), new(big.Int).SetUint64(s.low))
}

// times returns a weighted ratio: weights are in units of 2^-60, the result rounded
// to the nearest unit, half upward.
func times(ratio, weight uint64) Score {
	high, low := bits.Mul64(ratio, weight)
	low, carry := bits.Add64(low, 1<<(fineBits-1), 0)
	high += carry
	return Score{high >> fineBits, high<<(64-fineBits) | low>>fineBits}
}
