import type { Evaluation } from '../../api/types';
import { useTexts } from '../texts';

/** The first line: how many promises are kept, by numbers that may be counted, as the server counts them. */
export function Headline({ counted }: { counted: Evaluation['headline'] }) {
  const { t } = useTexts();
  const { targets, achieved, on_track: onTrack, at_risk: atRisk, off, not_yet_due: notDue, no_data: noData, generated: demo } = counted;
  return (
    <div className="headline">
      <h2 className="visually-hidden">{t('headline.title')}</h2>
      <p>
        <strong>{t('headline.sentence', { targets, achieved, onTrack, atRisk, off, notDue, noData })}</strong>
        {demo > 0 && <span className="headline-demo"> · {t('headline.demo', { demo })}</span>}
      </p>
    </div>
  );
}
