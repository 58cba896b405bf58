import { useQuery } from '@tanstack/react-query';
import { explanationQuery } from '../../api/queries';
import type { Area, Result } from '../../api/types';
import { formatNumber } from '../../lib/format';
import { parseSlot } from '../../lib/slots';
import type { UrlState } from '../../lib/url-state';
import { codeText } from '../../locales/codes';
import { StepLink } from '../../components/StepLink';
import type { Commit } from '../changes/useCommit';
import { Why } from '../explain/Why';
import { DecidingRows } from '../explain/DecidingRows';
import { PlaceMap } from '../place-map/PlaceMap';
import { AreaTable } from '../scoreboard/AreaTable';
import { useTexts } from '../texts';
import { ElementList } from '../values/ElementList';
import { ElementPanel } from '../values/ElementPanel';

interface Props {
  result: Result;
  results: readonly Result[];
  root: string;
  areas: readonly Area[];
  state: UrlState;
  onStep: (step: Partial<UrlState>, how?: 'push' | 'replace') => void;
  linkTo: (step: Partial<UrlState>) => string;
  commit: Commit;
}

// What decides a result is listed first, so this many rows nearly always hold it.
const decidingRows = 200;

/** Everything about the selected promise: its map or its data, its reasons, its parts. */
export function Detail({ result, results, root, areas, state, onStep, linkTo, commit }: Props) {
  const { t, name } = useTexts();
  const { indicator, variant } = result;
  const question = { indicator, area: state.area, period: state.period, variant, rows: decidingRows };
  const { data } = useQuery(explanationQuery(question));
  const register = data?.rows?.[0]?.register ?? '';
  const slot = parseSlot(state.element);
  const title = [result.clause, name(result.name)].join(' ');
  return (
    <section className="detail" aria-label={title}>
      <div className="detail-side">
        <Readings result={result} results={results} onStep={onStep} linkTo={linkTo} />
        {slot && <ElementPanel key={state.element} slot={slot} areas={areas} commit={commit} onClose={() => { onStep({ element: '' }); }} />}
        {register === 'population_point' && (
          <PlaceMap
            question={question}
            root={root}
            title={title}
            results={results}
            state={state}
            onStep={onStep}
            commit={commit}
          />
        )}
        <ElementList question={question} areas={areas} open={state.element} onStep={onStep} linkTo={linkTo} />
        {data && register === '' && <p className="muted">{t('detail.noMap')}</p>}
      </div>
      <div className="detail-main">
        <Why question={question} result={result} onStep={onStep} linkTo={linkTo} />
        {data && register !== '' && register !== 'population_point' && <DecidingRows explanation={data} />}
        <AreaTable area={state.area} period={state.period} indicator={indicator} variant={variant} onStep={onStep} linkTo={linkTo} />
      </div>
    </section>
  );
}

/** The readings of the promise's text, to switch between, and what its words bind to. */
function Readings({ result, results, onStep, linkTo }: Pick<Props, 'result' | 'results' | 'onStep' | 'linkTo'>) {
  const { t, name, unit } = useTexts();
  const readings = results.filter((other) => other.indicator === result.indicator);
  return (
    <section className="card readings">
      <h2>
        <span className="number">{result.clause}</span> {name(result.name)}
      </h2>
      <p className="muted">
        {t('detail.force')}: {codeText(t, 'force', result.force)}
        {result.value === null && result.lower !== null && result.upper !== null && (
          <>
            {' · '}
            {t('detail.range', { lower: formatNumber(result.lower), upper: formatNumber(result.upper), unit: unit(result.unit) })}
          </>
        )}
      </p>
      {readings.length > 1 && (
        <nav aria-label={t('detail.variants')} className="switch">
          {readings.map((other) => (
            <StepLink
              key={other.variant}
              href={linkTo({ indicator: other.indicator, variant: other.variant })}
              onFollow={() => { onStep({ indicator: other.indicator, variant: other.variant }); }}
              current={other.variant === result.variant}
            >
              {other.chosen ? t('detail.chosenVariant', { name: name(other.variant_name) }) : name(other.variant_name)}
            </StepLink>
          ))}
        </nav>
      )}
    </section>
  );
}
