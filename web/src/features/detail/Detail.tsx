import { useQuery } from '@tanstack/react-query';
import { explanationQuery } from '../../api/queries';
import type { Explanation, Result } from '../../api/types';
import { parseSlot } from '../../lib/slots';
import { PrintButton } from '../../components/PrintButton';
import { AreaTable } from './AreaTable';
import { DecidingRows } from '../explain/DecidingRows';
import { Why } from '../explain/Why';
import { PromiseMap } from '../area-map/PromiseMap';
import { Downloads } from '../reports/Downloads';
import { TrendChart } from '../trend/TrendChart';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';
import { ElementList } from '../values/ElementList';
import { ElementPanel } from '../values/ElementPanel';
import { Readings } from './Readings';
import { questionOf } from './question';

interface Props {
  result: Result;
  results: readonly Result[];
  shell: Shell;
}

/** Everything about one promise: its value, its reasons, its data, its map, its parts. */
export function Detail({ result, results, shell }: Props) {
  const { t } = useTexts();
  const { state, areas, go, commit } = shell;
  const question = questionOf(result, state);
  const { data } = useQuery(explanationQuery(question));
  const mapped = result.register === 'population_point';
  const slot = parseSlot(state.element);
  return (
    <div className="detail">
      <div className="detail-main">
        <Readings result={result} results={results} shell={shell} />
        <TrendChart result={withYears(result, data)} />
        {slot && <ElementPanel key={state.element} slot={slot} areas={areas} commit={commit} onClose={() => { go({ element: '' }); }} />}
        <Why question={question} result={result} shell={shell} />
        <ElementList question={question} shell={shell} />
        {data && !mapped && data.rows.length > 0 && <DecidingRows explanation={data} />}
        <p className="as-of">
          <PrintButton />
        </p>
        <Downloads
          question={{ report: 'indicator', area: state.area, period: state.period, indicator: result.indicator, variant: result.variant }}
          title={t('reports.promise')}
          formats={['xlsx', 'csv', 'pdf', 'docx']}
        />
      </div>
      <div className="detail-side">
        <PromiseMap question={question} result={result} shell={shell} table />
        <AreaTable result={result} shell={shell} />
      </div>
    </div>
  );
}

/** A result with the years of its explanation: a list leaves out the past of what is judged from rows. */
function withYears(result: Result, explanation: Explanation | undefined): Result {
  if (explanation?.progress === undefined) return result;
  return { ...result, progress: explanation.progress, projection: explanation.projection ?? null };
}
