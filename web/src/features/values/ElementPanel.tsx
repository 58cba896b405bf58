import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { readingQuery } from '../../api/queries';
import type { Area, Reading } from '../../api/types';
import type { Slot } from '../../lib/slots';
import { codeText } from '../../locales/codes';
import { Failure } from '../../components/Failure';
import { Loading } from '../../components/Loading';
import { Tag } from '../../components/Tag';
import type { Commit } from '../changes/useCommit';
import { useTexts } from '../texts';
import { ValueForm } from './ValueForm';

interface Props {
  slot: Slot;
  areas: readonly Area[];
  commit: Commit;
  onClose: () => void;
}

/** What is known of one element, by every source that says so, and the form to say more. */
export function ElementPanel({ slot, areas, commit, onClose }: Props) {
  const { t, name, error: errorText } = useTexts();
  const { data, error, refetch } = useQuery(readingQuery(slot));
  const heading = useRef<HTMLHeadingElement>(null);

  // Opened by a link elsewhere on the page: the reader is taken to it.
  useEffect(() => {
    heading.current?.focus();
  }, []);

  const area = areas.find((known) => known.code === slot.area);
  const title = t('values.form', {
    element: data ? name(data.name) : slot.element,
    area: area ? name(area.name) : slot.area,
    period: slot.period,
  });
  return (
    <section className="card element-panel" aria-labelledby="element-title">
      <div className="card-head">
        <h3 id="element-title" ref={heading} tabIndex={-1}>
          {title}
        </h3>
        <button type="button" onClick={onClose}>
          {t('values.close')}
        </button>
      </div>
      {data === undefined && error === null && <Loading label={t('status.loading')} />}
      {data === undefined && error !== null && (
        <Failure message={errorText(error)} retryLabel={t('status.retry')} onRetry={() => { void refetch(); }} />
      )}
      {data !== undefined && (
        <>
          <Rivals reading={data} />
          <ValueForm slot={slot} reading={data} commit={commit} />
        </>
      )}
    </section>
  );
}

function Rivals({ reading }: { reading: Reading }) {
  const { t, unit, source } = useTexts();
  const values = reading.values;
  if (values.length === 0) return <p className="muted">{t('values.empty')}</p>;
  return (
    <>
      {reading.state === 'unchosen' && <p className="warning">{t('values.unchosen')}</p>}
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{t('values.source')}</th>
            <th scope="col" className="number">
              {t('values.value', { unit: unit(reading.unit) })}
            </th>
            <th scope="col">{t('values.provenance')}</th>
            <th scope="col">{t('values.counts')}</th>
          </tr>
        </thead>
        <tbody>
          {values.map((value) => (
            <tr key={value.source}>
              <th scope="row" className="wrap">
                {source(value.source)}
                {value.reason && <span className="muted"> — {value.reason}</span>}
              </th>
              <td className="number">{value.value}</td>
              <td>
                <Tag kind={value.provenance} label={codeText(t, 'provenance', value.provenance)} />
              </td>
              <td>{value.counts && <Tag kind="chosen" label={t('values.countsYes')} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
