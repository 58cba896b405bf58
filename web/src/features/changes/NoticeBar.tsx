import { formatValue } from '../../lib/format';
import type { Result } from '../../api/types';
import { useTexts } from '../texts';
import type { Notice } from './useCommit';

interface Props {
  notice: Notice | null;
  onDismiss: () => void;
}

const effectsShown = 3;

const earlier = (result: Result, before: number | null) =>
  before === null
    ? '—'
    : formatValue({ value: before, target: result.target, bound: result.target_bound }, result.display);

/** Says at once what a write did to the numbers on the screen. */
export function NoticeBar({ notice, onDismiss }: Props) {
  const { t, name, value, unitOf } = useTexts();
  const shown = notice?.differences?.slice(0, effectsShown) ?? [];
  const rest = (notice?.differences?.length ?? 0) - shown.length;
  return (
    <div className="notice-place" role="status">
      {notice && (
        <div className="notice">
          <p>{t(`notice.${notice.kind}`, { seq: notice.seq })}</p>
          <ul>
            {shown.map(({ result, before }) => (
              <li key={`${result.indicator} ${result.variant}`} className="number">
                {t('notice.effect', {
                  clause: result.clause,
                  name: [name(result.name), name(result.variant_name)].filter(Boolean).join(' · '),
                  before: earlier(result, before),
                  after: `${value(result)} ${result.value === null ? '' : unitOf(result)}`,
                })}
              </li>
            ))}
            {shown.length === 0 && <li>{t(notice.differences === null ? 'notice.unread' : 'notice.unchanged')}</li>}
            {rest > 0 && <li>{t('notice.more', { count: rest })}</li>}
          </ul>
          <button type="button" onClick={onDismiss}>
            {t('notice.dismiss')}
          </button>
        </div>
      )}
    </div>
  );
}
