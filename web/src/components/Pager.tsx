import { useTranslation } from 'react-i18next';
import { spanOf } from '../lib/pages';
import { formatNumber } from '../lib/format';

interface Props {
  total: number;
  page: number;
  size: number;
  onPage: (page: number) => void;
}

export function Pager({ total, page, size, onPage }: Props) {
  const { t } = useTranslation();
  if (total <= size) return null;
  const { from, to, last, page: current } = spanOf(total, page, size);
  return (
    <div className="pager">
      <button type="button" disabled={current === 0} onClick={() => { onPage(current - 1); }}>
        {t('points.previous')}
      </button>
      <span className="number">
        {t('points.range', { from: formatNumber(from), to: formatNumber(to), total: formatNumber(total) })}
      </span>
      <button type="button" disabled={current === last} onClick={() => { onPage(current + 1); }}>
        {t('points.next')}
      </button>
    </div>
  );
}
