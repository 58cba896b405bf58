import type { Result } from '../../api/types';
import { formatNumber, formatTarget, roundBesideTarget } from '../../lib/format';
import { pathAt, pathData, ticks, trendOf, valuesOf, type Trend } from '../../lib/trend';
import { ScrollRegion } from '../../components/ScrollRegion';
import { useTexts } from '../texts';

const width = 560;
const height = 220;
const margin = { top: 14, right: 74, bottom: 26, left: 52 };

/** The promise over the years with the way to its target and where it leads; the same stands as a table below. */
export function TrendChart({ result }: { result: Result }) {
  const { t, unitOf } = useTexts();
  const trend = trendOf(result);
  if (trend === undefined) {
    return (
      <section className="card trend">
        <h3>{t('trend.title')}</h3>
        <p className="muted">{t('trend.none')}</p>
      </section>
    );
  }
  return (
    <section className="card trend">
      <h3>
        {t('trend.title')} <span className="unit">{unitOf(result)}</span>
      </h3>
      {trend.years[0] < trend.years[1] && (
        <>
          <Picture trend={trend} label={t('trend.label')} />
          <Keys trend={trend} />
        </>
      )}
      <YearTable trend={trend} result={result} />
      {trend.points.length === 1 && <p className="muted">{t('trend.oneYear')}</p>}
    </section>
  );
}

function Keys({ trend }: { trend: Trend }) {
  const { t } = useTexts();
  return (
    <ul className="trend-keys">
      <Key kind="measured" label={t('trend.measured')} />
      {trend.path.length > 0 && <Key kind="path" label={t('trend.path')} />}
      {trend.target !== null && <Key kind="target" label={t('trend.target')} />}
      {trend.projection !== null && <Key kind="projection" label={t(trend.projection.low === null ? 'trend.projection' : 'trend.band')} />}
    </ul>
  );
}

function Picture({ trend, label }: { trend: Trend; label: string }) {
  const scale = ticks(Math.min(...valuesOf(trend)), Math.max(...valuesOf(trend)));
  const low = scale[0] ?? 0;
  const high = scale.at(-1) ?? 1;
  const [first, last] = trend.years;
  const x = (year: number) => margin.left + ((year - first) / Math.max(1, last - first)) * (width - margin.left - margin.right);
  const y = (value: number) => height - margin.bottom - ((value - low) / (high - low)) * (height - margin.top - margin.bottom);
  const at = ({ year, value }: { year: number; value: number }) => ({ x: x(year), y: y(value) });
  const end = trend.points.at(-1);
  const { projection, target } = trend;
  const years = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  return (
    <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      {scale.map((value) => (
        <g key={value}>
          <line x1={margin.left} x2={width - margin.right} y1={y(value)} y2={y(value)} className="grid" />
          <text x={margin.left - 6} y={y(value) + 4} textAnchor="end">
            {formatNumber(value)}
          </text>
        </g>
      ))}
      {years.map((year) => (
        <text key={year} x={x(year)} y={height - 8} textAnchor="middle">
          {year}
        </text>
      ))}
      {target !== null && <line x1={margin.left} x2={width - margin.right} y1={y(target.value)} y2={y(target.value)} className="target-line" />}
      {projection !== null && end !== undefined && projection.low !== null && projection.high !== null && (
        <path d={`${pathData([at(end), { x: x(projection.year), y: y(projection.high) }, { x: x(projection.year), y: y(projection.low) }])}Z`} className="band" />
      )}
      {projection !== null && end !== undefined && <path d={pathData([at(end), at(projection)])} className="projection" />}
      <path d={pathData(trend.path.map(at))} className="path" />
      <path d={pathData(trend.points.map(at))} className="measured" />
      {trend.points.map((point) => (
        <circle key={point.year} cx={x(point.year)} cy={y(point.value)} r="4" className="measured-point" />
      ))}
      {target !== null && (
        <>
          <path d={`M${x(target.year)} ${y(target.value) - 6}l6 6l-6 6l-6 -6Z`} className="target-point" />
          <text x={x(target.year) + 10} y={y(target.value) + 4} className="strong">
            {formatNumber(target.value)}
          </text>
        </>
      )}
      {projection !== null && (
        <text x={x(projection.year) + 10} y={y(projection.value) + (target !== null && Math.abs(y(projection.value) - y(target.value)) < 14 ? 18 : 4)}>
          {formatNumber(projection.value)}
        </text>
      )}
    </svg>
  );
}

function Key({ kind, label }: { kind: 'measured' | 'path' | 'target' | 'projection'; label: string }) {
  return (
    <li>
      <svg viewBox="0 0 32 12" width="32" height="12" aria-hidden="true">
        {kind === 'target' ? <path d="M16 0l6 6l-6 6l-6 -6Z" className="target-point" /> : <path d="M1 6H31" className={kind} />}
        {kind === 'measured' && <circle cx="16" cy="6" r="4" className="measured-point" />}
      </svg>
      {label}
    </li>
  );
}

function YearTable({ trend, result }: { trend: Trend; result: Result }) {
  const { t } = useTexts();
  // As beside the target everywhere: a year that misses it is never rounded onto it.
  const measured = (value: number) => formatTarget(Number(roundBesideTarget({ value, target: result.target, bound: result.target_bound })), result.display);
  const known = new Map(trend.points.map(({ year, value }) => [year, value]));
  const [first, last] = trend.years;
  const years = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const { projection, target } = trend;
  const range = projection === null || projection.low === null || projection.high === null ? '' : ` (${formatNumber(projection.low)} – ${formatNumber(projection.high)})`;
  return (
    <ScrollRegion label={t('trend.title')}>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{t('trend.year')}</th>
            {years.map((year) => (
              <th key={year} scope="col" className="number">
                {year}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">{t('trend.measured')}</th>
            {years.map((year) => (
              <td key={year} className="number">
                {known.has(year) ? measured(known.get(year) ?? 0) : '—'}
              </td>
            ))}
          </tr>
          <tr>
            <th scope="row">{t(trend.path.length > 0 ? 'trend.path' : 'trend.target')}</th>
            {years.map((year) => {
              const due = pathAt(trend.path, year) ?? (target?.year === year ? target.value : null);
              return (
                <td key={year} className="number">
                  {due === null ? '—' : formatNumber(due)}
                </td>
              );
            })}
          </tr>
          {projection !== null && (
            <tr>
              <th scope="row">{t('trend.projection')}</th>
              {years.map((year) => (
                <td key={year} className="number">
                  {year === projection.year ? `${formatNumber(projection.value)}${range}` : ''}
                </td>
              ))}
            </tr>
          )}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
