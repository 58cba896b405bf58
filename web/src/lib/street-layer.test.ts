import { expect, it } from 'vitest';
import { never, pieceSize, readStreets } from './street-layer';

const degree = 1e7;

/** A line of 2 km along the equator with a bend in its middle, on which a place lies at 500 m. */
const sent = {
  reach: 800,
  breaks: [400, 800, 1200],
  lines: { sizes: [3], lon: [0, 0.009 * degree, 0.009 * degree], lat: [0, 0, 0] },
  marks: { sizes: [3], offsets: [0, 5000, 20_000], distances: [5000, 0, 15_000] },
};

it('ends pieces at marks and at bends', () => {
  const { pieces, stretches } = readStreets(sent);
  expect([...stretches]).toEqual([500, 0, 0, 1500]);
  const rows = Array.from({ length: pieces.length / pieceSize }, (_, i) => Array.from(pieces.subarray(i * pieceSize, (i + 1) * pieceSize)));
  expect(rows.map(([, , , , from, to, length, stretch]) => [from, to, length, stretch].map((n) => Math.round(n ?? 0)))).toEqual([
    [0, 500, 500, 0],
    [0, 500, 1500, 1],
    [500, 1500, 1500, 1],
  ]);
  // The pieces follow one another from end to end.
  rows.forEach((row, i) => {
    if (i > 0) expect(row[0]).toBeCloseTo(rows[i - 1]?.[2] ?? NaN, 9);
  });
  expect(rows[2]?.[2]).toBeCloseTo(0.018 / 360, 9);
});

it('measures the streets of each group', () => {
  // From the place 400 m each way are near, then 100 m and 400 m within; 400 m beyond, 300 m far.
  expect(readStreets(sent).lengths).toEqual({ near: 800, within: 500, beyond: 400, far: 300, unreachable: 0 });
});

it('reaches a street from both of its ends, and some from none', () => {
  const both = { ...sent, marks: { sizes: [2], offsets: [0, 20_000], distances: [0, 0] } };
  expect(readStreets(both).lengths).toEqual({ near: 800, within: 800, beyond: 400, far: 0, unreachable: 0 });
  const none = { ...sent, marks: { sizes: [2], offsets: [0, 20_000], distances: [-1, -1] } };
  expect(readStreets(none).lengths).toEqual({ near: 0, within: 0, beyond: 0, far: 0, unreachable: 2000 });
  expect([...readStreets(none).stretches]).toEqual([never, never]);
});

it('reads no streets', () => {
  const empty = readStreets({ breaks: [], lines: { sizes: [], lon: [], lat: [] }, marks: { sizes: [], offsets: [], distances: [] } });
  expect(empty.pieces).toHaveLength(0);
});
