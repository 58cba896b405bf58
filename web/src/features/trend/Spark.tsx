import type { Result } from '../../api/types';
import { formatNumber } from '../../lib/format';
import { pathData, trendOf } from '../../lib/trend';
import { useTexts } from '../texts';

const width = 56;
const height = 18;

/** A promise over the years in the height of a row; nothing where fewer than two years are known. */
export function Spark({ result }: { result: Result }) {
  const { t } = useTexts();
  const trend = trendOf(result);
  const first = trend?.points[0];
  const last = trend?.points.at(-1);
  if (trend === undefined || first === undefined || last === undefined || trend.points.length < 2) return null;
  const values = [...trend.points.map(({ value }) => value), ...(trend.target === null ? [] : [trend.target.value])];
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  const [from, to] = trend.years;
  const at = ({ year, value }: { year: number; value: number }) => ({
    x: 3 + ((year - from) / Math.max(1, to - from)) * (width - 6),
    y: height - 3 - ((value - low) / span) * (height - 6),
  });
  const end = at(last);
  return (
    <svg
      className="spark"
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-label={t('trend.spark', { from: first.year, before: formatNumber(first.value), to: last.year, after: formatNumber(last.value) })}
    >
      {trend.target !== null && <path d={`M3 ${at(trend.target).y}H${width - 3}`} className="target-line" />}
      <path d={pathData(trend.points.map(at))} className="measured" />
      <circle cx={end.x} cy={end.y} r="2.5" className="measured-point" />
    </svg>
  );
}
