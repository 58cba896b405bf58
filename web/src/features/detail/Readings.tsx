import type { Result } from '../../api/types';
import { formatLack, formatNumber } from '../../lib/format';
import { codeText } from '../../locales/codes';
import { StateMark } from '../../components/StateMark';
import { StepLink } from '../../components/StepLink';
import { Tag } from '../../components/Tag';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';
import { ReasonText } from './ReasonText';

interface Props {
  result: Result;
  results: readonly Result[];
  shell: Shell;
}

/** The promise with its number, and the readings of its text to switch between. */
export function Readings({ result, results, shell }: Props) {
  const { t, name, unit, value, target, unitOf, source } = useTexts();
  const readings = results.filter((other) => other.indicator === result.indicator);
  const range = result.value === null && result.lower !== null && result.upper !== null;
  return (
    <section className="card readings">
      <h2>
        <span className="number">{result.clause}</span> {name(result.name)}
      </h2>
      <p className="figures">
        <StateMark state={result.state} label={codeText(t, 'state', result.state)} />
        <span>
          <b className="figure number">{value(result)}</b> <span className="unit">{result.value === null ? '' : unitOf(result)}</span>
        </span>
        {result.target !== null && (
          <span>
            {t('table.target')} {result.target_bound !== '' && t(`bound.${result.target_bound}`)} {target(result)}{' '}
            <span className="unit">{unitOf(result)}</span>{' '}
            {result.target_status !== '' && (
              <Tag kind={result.target_status} label={codeText(t, 'targetStatus', result.target_status)} />
            )}
          </span>
        )}
        {result.gap !== null && result.gap > 0 && (
          <span>
            {t('table.gap')} {formatLack(result.gap)} <span className="unit">{unitOf(result)}</span>
          </span>
        )}
        {result.provenance !== '' && <Tag kind={result.provenance} label={codeText(t, 'provenance', result.provenance)} />}
      </p>
      {result.reason !== null && result.value === null && (
        <p>
          <ReasonText reason={result.reason} shell={shell} />
        </p>
      )}
      {result.reported !== null && (
        <p>
          {t('detail.reported', { period: result.reported.period })}
          {t('colon')}
          <b className="number">{formatNumber(result.reported.value, 4)}</b> <span className="unit">{unitOf(result)}</span>{' '}
          <Tag kind={result.reported.provenance} label={codeText(t, 'provenance', result.reported.provenance)} />
          <span className="muted"> {t('detail.reportedBy', { source: source(result.reported.source) })}</span>
        </p>
      )}
      <p className="muted">
        {t('detail.force')}
        {t('colon')}
        {codeText(t, 'force', result.force)}
        {result.owner.zh !== '' && (
          <>
            {' · '}
            {t('detail.owner')}
            {t('colon')}
            {name(result.owner)}
          </>
        )}
        {range && (
          <>
            {' · '}
            {t('detail.range', { lower: formatNumber(result.lower ?? 0), upper: formatNumber(result.upper ?? 0), unit: unit(result.unit) })}
          </>
        )}
      </p>
      {readings.length > 1 && (
        <nav aria-label={t('detail.variants')} className="switch">
          {readings.map((other) => {
            const step = { indicator: other.indicator, variant: other.variant };
            return (
              <StepLink
                key={other.variant}
                href={shell.linkTo(step)}
                onFollow={() => { shell.go(step); }}
                current={other.variant === result.variant}
              >
                {other.chosen ? t('detail.chosenVariant', { name: name(other.variant_name) }) : name(other.variant_name)}
              </StepLink>
            );
          })}
        </nav>
      )}
    </section>
  );
}
