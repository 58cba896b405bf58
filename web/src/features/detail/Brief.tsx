import { useQuery } from '@tanstack/react-query';
import { explanationQuery } from '../../api/queries';
import type { Result } from '../../api/types';
import { StepLink } from '../../components/StepLink';
import { SmallestChange } from '../explain/SmallestChange';
import { PromiseMap } from '../area-map/PromiseMap';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';
import { AreaTable } from './AreaTable';
import { Readings } from './Readings';
import { questionOf, titleOf } from './question';

interface Props {
  result: Result;
  results: readonly Result[];
  shell: Shell;
}

/** The selected promise beside the scoreboard: its number, the way to green, its one map. */
export function Brief({ result, results, shell }: Props) {
  const { t, name } = useTexts();
  const { state, go, linkTo } = shell;
  const question = questionOf(result, state);
  const { data } = useQuery(explanationQuery(question));
  const mapped = result.register === 'population_point';
  const why = { screen: 'indicator', indicator: result.indicator, variant: result.variant } as const;
  return (
    <section className="detail" aria-label={titleOf(result, name)}>
      <Readings result={result} results={results} shell={shell} />
      {data && (
        <div className="card brief">
          <SmallestChange explanation={data} result={result} />
          <StepLink href={linkTo(why)} onFollow={() => { go(why); }} current={false} className="button">
            {t('detail.why')}
          </StepLink>
        </div>
      )}
      <PromiseMap question={question} result={result} shell={shell} />
      {!mapped && <AreaTable result={result} shell={shell} />}
    </section>
  );
}
