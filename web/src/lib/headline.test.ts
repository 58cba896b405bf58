import { describe, expect, it } from 'vitest';
import { countHeadline, type Counted } from './headline';

const result = (over: Partial<Counted>): Counted => ({
  chosen: true,
  state: 'achieved',
  target: 95,
  provenance: 'real',
  ...over,
});

describe('the first line of the scoreboard', () => {
  it('counts every target once', () => {
    const headline = countHeadline(
      [
        result({}),
        result({ chosen: false }),
        result({ state: 'off_track' }),
        result({ state: 'worsening' }),
        result({ state: 'on_track' }),
        result({ state: 'at_risk' }),
        result({ state: 'stale' }),
        result({ state: 'not_yet_due' }),
        result({ state: 'no_data', provenance: '' }),
        result({ provenance: 'generated' }),
        result({ state: 'off_track', provenance: 'generated' }),
        result({ state: 'reported' }),
        result({ state: 'not_applicable' }),
        result({ target: null }),
      ],
      false,
    );
    expect(headline).toEqual({ targets: 10, achieved: 1, onTrack: 1, atRisk: 1, off: 2, notDue: 1, noData: 2, demo: 2, apart: 3 });
    expect(headline.achieved + headline.onTrack + headline.atRisk + headline.off + headline.notDue + headline.noData + headline.demo).toBe(headline.targets);
  });

  it('sets estimates apart in a demonstration only', () => {
    const estimated = [result({ provenance: 'estimated' })];
    expect(countHeadline(estimated, false)).toMatchObject({ achieved: 1, demo: 0 });
    expect(countHeadline(estimated, true)).toMatchObject({ achieved: 0, demo: 1 });
  });
});
