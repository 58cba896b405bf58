import { useQuery } from '@tanstack/react-query';
import { layerQuery } from '../../api/queries';
import type { Result } from '../../api/types';
import { groupPledges } from '../../lib/scoreboard';
import { questionOf, titleOf } from '../detail/question';
import { Readings } from '../detail/Readings';
import { PlaceMap } from '../place-map/PlaceMap';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';
import { TryPlace } from './TryPlace';
import { useTrial } from './useTrial';

interface Props {
  results: readonly Result[];
  shell: Shell;
}

/** A promise that is measured at places, on the map, with a place to try. */
export function Workspace({ results, shell }: Props) {
  const { t, name } = useTexts();
  const { state, go, commit } = shell;
  const mapped = results.filter((result) => result.register === 'population_point');
  const pledges = groupPledges(mapped);
  const pledge = pledges.find(({ indicator }) => indicator === state.indicator) ?? pledges[0];
  const result = pledge?.readings.find(({ variant }) => variant === state.variant) ?? pledge?.counts;
  const question = questionOf(result ?? { indicator: '', variant: '' }, state);
  const { indicator, area, variant } = question;
  const { data } = useQuery({ ...layerQuery({ indicator, area, variant }), enabled: result !== undefined });
  const kinds = [...new Set((data?.facilities ?? []).map((row) => row.kind ?? ''))].filter(Boolean).toSorted();
  const trial = useTrial({ area, kinds, commit });
  if (result === undefined) return <p className="empty">{t('detail.noMapHere')}</p>;
  return (
    <div className="workspace">
      <div className="detail-main">
        <label className="inline">
          <span>{t('table.name')}</span>
          <select
            name="indicator"
            value={result.indicator}
            onChange={(event) => { go({ indicator: event.target.value }); }}
          >
            {pledges.map(({ counts }) => (
              <option key={counts.indicator} value={counts.indicator}>
                {titleOf(counts, name)}
              </option>
            ))}
          </select>
        </label>
        <Readings result={result} results={mapped} shell={shell} />
        <TryPlace trial={trial} shell={shell} kinds={kinds} results={results} />
      </div>
      <div className="detail-side">
        <PlaceMap
          question={question}
          title={titleOf(result, name)}
          shell={shell}
          candidate={{ at: trial.tried, onPick: trial.pick }}
          table
        />
      </div>
    </div>
  );
}
