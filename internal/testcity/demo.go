package testcity

// demoStreets is a town of 2 × 2 km on two banks of a river with two bridges.
const demoStreets = `
+-5-+-4-+   +-3-+---+
|   |   |   |   |   |
|   |   6   |   |   3
|   |   |   |   |   |
+P--+---+---+---+-G-+
|   |   |   |   |   |
7   5   8   2   5   |
|   |   |   |   |   |
+-3-+-6-+   +---+---+
|   |   |   |   |   |
|   4   |   |1  |   |
6   |   |   |   F   |
+-5-+---+   +-6-+---+
|   |   |   |   |   |
|   |   7   |   |   2
|   |   |   |   |   |
+---+--T+---+---+---+
|   |   |   |   |   |
|   6   4   |   |   |
2   |   |   |   |   |
+---+---+   +---+---+
`

// Demo is the town of the demonstration: 10,000 people in 22 cells, and four
// places to exercise, of which G serves its members only. Digits are people in
// hundreds. The way of each cell to the nearest public place, counted on the
// drawing (cells by line:column, ways in metres):
//
//	to P  1:3  700  1:7  900  3:9  900  7:1  300  7:5  500  7:9  900
//	      9:3  700  9:7  900  11:5 900  12:1 800
//	to F  1:15 1300  3:21 1300  7:13 900  7:17 500  11:14 800  13:15 300  15:21 700
//	to T  13:3 900  15:9 300  19:5 500  19:9 300  20:1 1000
//
// 11:14 lies 100 m beside its street, and walks them. 12:1 and 11:14 have exactly
// 800 m, 20:1 exactly 1,000 m. So within
//
//	  800 m live  5,700 of 10,000 people, 57 %
//	1,000 m live  9,400 of 10,000 people, 94 %
//
// and the 600 of 1:15 and 3:21 do not; G, were it open to all, would serve them
// with 800 m and 400 m.
func Demo() *City {
	people := make(map[rune]int64)
	for hundreds := range int64(10) {
		people['0'+rune(hundreds)] = 100 * hundreds
	}
	city, err := Draw(Drawing{
		Streets: demoStreets,
		Places: map[rune]Place{
			'P': {Kind: "sports_pitch", Name: "西岸社区球场"},
			'F': {Kind: "fitness_station", Name: "东岸健身路径"},
			'T': {Kind: "running_track", Name: "滨河跑道"},
			'G': {Kind: "fitness_centre", Name: "东岸会员健身中心", Private: true},
		},
		People: people,
	})
	if err != nil {
		panic(err) // the drawing above is a constant
	}
	return city
}
