import type { Result } from '../../api/types';
import { countHeadline } from '../../lib/headline';
import { useTexts } from '../texts';

interface Props {
  results: readonly Result[];
  demonstration: boolean;
}

/** The first line: how many promises are kept, by numbers that may be counted. */
export function Headline({ results, demonstration }: Props) {
  const { t } = useTexts();
  const counts = countHeadline(results, demonstration);
  return (
    <div className="headline">
      <h2 className="visually-hidden">{t('headline.title')}</h2>
      <p>
        <strong>{t('headline.sentence', { ...counts })}</strong>
        {counts.demo > 0 && <span className="headline-demo"> · {t('headline.demo', { demo: counts.demo })}</span>}
      </p>
    </div>
  );
}
