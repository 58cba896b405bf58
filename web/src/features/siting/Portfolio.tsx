import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { isOpen, sitedQuery, type Sited } from '../../api/jobs';
import { formatNumber } from '../../lib/format';
import { nameOfWord } from '../../lib/names';
import { codeText } from '../../locales/codes';
import { Failure } from '../../components/Failure';
import { Loading } from '../../components/Loading';
import { StateMark } from '../../components/StateMark';
import { FacilityMap } from '../place-map/FacilityMap';
import { JobProgress } from '../jobs/JobLine';
import { useFollowedJob } from '../jobs/useFollowedJob';
import { ScrollRegion } from '../../components/ScrollRegion';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';
import { KeepScenario } from './KeepScenario';
import { SaveProjects } from './SaveProjects';

const quotaOf = 'quota of ';

/** One run: its progress while it goes on, and then the sites with what they change. */
export function Portfolio({ id, shell }: { id: string; shell: Shell }) {
  const { t, error: errorText } = useTexts();
  const job = useFollowedJob(id);
  const ended = job.data !== undefined && !isOpen(job.data);
  const sited = useQuery({ ...sitedQuery(id), enabled: ended && job.data?.has_result });
  if (job.data === undefined) {
    return job.error === null ? (
      <Loading label={t('status.loading')} />
    ) : (
      <Failure message={errorText(job.error)} retryLabel={t('status.retry')} onRetry={() => { void job.refetch(); }} />
    );
  }
  return (
    <>
      <section className="card" aria-label={t('siting.progress')}>
        <h3>5 · {t('siting.progress')}</h3>
        <JobProgress job={job.data} />
      </section>
      {sited.error && <Failure message={errorText(sited.error)} retryLabel={t('status.retry')} onRetry={() => { void sited.refetch(); }} />}
      {sited.data && <Answer id={id} sited={sited.data} shell={shell} />}
    </>
  );
}

function Answer({ id: run, sited, shell }: { id: string; sited: Sited; shell: Shell }) {
  const { t, name, unit } = useTexts();
  const { state, areas, go } = shell;
  const places = useMemo(
    () => sited.sites.flatMap(({ id, lon, lat }) => (lon === undefined || lat === undefined ? [] : [{ id, name: id, lon, lat }])),
    [sited.sites],
  );
  const areaName = (code: string) => {
    const area = areas.find((known) => known.code === code);
    return area === undefined ? code : name(area.name);
  };
  const effect = sited.result;
  const limitName = (limit: string) =>
    limit.startsWith(quotaOf) ? t('sitingLimit.quota', { area: areaName(limit.slice(quotaOf.length)) }) : codeText(t, 'sitingLimit', limit);
  return (
    <section className="card portfolio">
      <h3>{t('siting.sites')}</h3>
      {!sited.current && <p className="warning">{t('siting.stale')}</p>}
      <p className="headline">
        {t('siting.gained', { gained: formatNumber(sited.gained ?? 0), before: formatNumber(sited.before ?? 0), after: formatNumber(sited.after ?? 0), people: formatNumber(sited.people ?? 0) })}
      </p>
      {effect && (
        <p className="figures">
          {effect.before === null ? '—' : formatNumber(effect.before)} → <b className="number">{effect.after === null ? '—' : formatNumber(effect.after)}</b> {unit(effect.unit)}{' '}
          <StateMark state={effect.state_after} label={codeText(t, 'state', effect.state_after)} />
        </p>
      )}
      <p className="muted">
        {codeText(t, 'proof', sited.proof)} · {t('jobs.gap')} {formatNumber(sited.gap * 100)} % · {t('siting.took', { seconds: formatNumber(sited.seconds) })}
        {sited.limits_binding.length > 0 && ` · ${t('siting.binding', { limits: sited.limits_binding.map(limitName).join(t('table.comma')) })}`}
      </p>
      {places.length > 0 && (
        <FacilityMap
          label={t('siting.map')}
          facilities={places}
          selected={state.selected}
          onSelect={(selected) => { go({ selected }); }}
          shell={shell}
        />
      )}
      <ScrollRegion label={t('siting.sites')}>
        <table className="plain">
          <caption className="visually-hidden">{t('siting.sites')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('registry.id')}</th>
              <th scope="col">{t('registry.area')}</th>
              <th scope="col">{t('siting.origin')}</th>
              <th scope="col" className="number">{t('siting.served')}</th>
              <th scope="col" className="number">{t('siting.costColumn')}</th>
            </tr>
          </thead>
          <tbody>
            {sited.sites.map((site) => (
              <tr key={site.id} className={site.id === state.selected ? 'row-selected' : undefined}>
                <th scope="row" className="clip">{site.id}</th>
                <td>{areaName(site.area ?? '')}</td>
                <td>{site.origin ? codeText(t, 'siteOrigin', site.origin) : '—'}</td>
                <td className="number">{formatNumber(site.served)}</td>
                <td className="number">{site.cost_yuan === undefined ? '—' : formatNumber(site.cost_yuan)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      {(sited.closed ?? []).length > 0 && (
        <p>
          {t('siting.closes', { places: (sited.closed ?? []).map((place) => `${place.name || nameOfWord(shell.plan.kinds, place.kind, name)} · ${place.id}`).join(t('table.comma')) })}
        </p>
      )}
      <KeepScenario id={run} sited={sited} promise={sited.case === undefined ? t('siting.sites') : name(sited.case.name)} shell={shell} />
      <SaveProjects id={run} />
      <details>
        <summary>{t('siting.perArea')}</summary>
        <ScrollRegion label={t('siting.perArea')}>
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">{t('registry.area')}</th>
                <th scope="col" className="number">{t('siting.people')}</th>
                <th scope="col" className="number">{t('try.before')}</th>
                <th scope="col" className="number">{t('try.after')}</th>
                <th scope="col" className="number">{t('siting.newSites')}</th>
              </tr>
            </thead>
            <tbody>
              {sited.per_area.map((row) => (
                <tr key={row.area}>
                  <th scope="row">{areaName(row.area)}</th>
                  <td className="number">{formatNumber(row.weight)}</td>
                  <td className="number">{formatNumber(row.before ?? 0)}</td>
                  <td className="number">{formatNumber(row.covered)}</td>
                  <td className="number">{formatNumber(row.sites)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      </details>
    </section>
  );
}
