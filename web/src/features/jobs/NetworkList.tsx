import { useQuery } from '@tanstack/react-query';
import { networksQuery } from '../../api/jobs';
import { formatNumber } from '../../lib/format';
import { codeText } from '../../locales/codes';
import { Failure } from '../../components/Failure';
import { Loading } from '../../components/Loading';
import { Tag } from '../../components/Tag';
import { ScrollRegion } from '../../components/ScrollRegion';
import { useTexts } from '../texts';

/** The street networks in figures: how far they hang together, for which ways of travelling, and who is off them. */
export function NetworkList() {
  const { t, name, source, error: errorText } = useTexts();
  const { data, error, refetch } = useQuery(networksQuery);
  if (data === undefined) {
    return error === null ? (
      <Loading label={t('status.loading')} />
    ) : (
      <Failure message={errorText(error)} retryLabel={t('status.retry')} onRetry={() => { void refetch(); }} />
    );
  }
  return (
    <>
      {data.networks.map((network) => (
        <section key={network.root} className="card network">
          <h3>
            {name(network.name)} {network.provenance !== '' && <Tag kind={network.provenance} label={codeText(t, 'provenance', network.provenance)} />}
          </h3>
          {network.hash === '' ? (
            <p className="muted">{t('networks.none')}</p>
          ) : (
            <>
              <p className="muted">
                {source(network.source)} · <code>{network.hash.slice(0, 12)}</code>
              </p>
              <p>
                {t('networks.points', { points: formatNumber(network.points), adrift: formatNumber(network.adrift) })}
              </p>
              <ScrollRegion label={name(network.name)}>
                <table className="plain">
                  <thead>
                    <tr>
                      <th scope="col">{t('networks.mode')}</th>
                      <th scope="col" className="number">{t('networks.arcs')}</th>
                      <th scope="col" className="number">{t('networks.components')}</th>
                      <th scope="col" className="number">{t('networks.largest')}</th>
                      <th scope="col" className="number">{t('networks.memory')}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {network.summary.profiles.map((profile) => (
                      <tr key={profile.mode}>
                        <th scope="row">{codeText(t, 'mode', profile.mode)}</th>
                        <td className="number">{formatNumber(profile.arcs)}</td>
                        <td className="number">{formatNumber(profile.components)}</td>
                        <td className="number">
                          {formatNumber(profile.largest_component_nodes)} ({formatNumber((100 * profile.largest_component_nodes) / Math.max(1, network.summary.nodes))} %)
                        </td>
                        <td className="number">{formatNumber(profile.memory_bytes / 1e6, 1)}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </ScrollRegion>
            </>
          )}
        </section>
      ))}
    </>
  );
}
