import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { explanationQuery, type ExplanationQuestion } from '../../api/queries';
import type { Explanation, Result } from '../../api/types';
import { formatNumber } from '../../lib/format';
import { formatSlot, slotsOfExplanation } from '../../lib/slots';
import { codeText } from '../../locales/codes';
import { Failure } from '../../components/Failure';
import { Loading } from '../../components/Loading';
import { StepLink } from '../../components/StepLink';
import { Tag } from '../../components/Tag';
import { ReasonText } from '../detail/ReasonText';
import type { Shell } from '../shell/shell';
import { SmallestChange } from './SmallestChange';
import { useTexts } from '../texts';

interface Props {
  question: ExplanationQuestion;
  result: Result;
  shell: Shell;
}

/** Why the number is what it is: the rule, what went into it, and the least that would turn it green. */
export function Why({ question, result, shell }: Props) {
  const { t, error: errorText } = useTexts();
  const { data, error, refetch } = useQuery(explanationQuery(question));
  return (
    <section className="card">
      <h3>{t('detail.why')}</h3>
      {data === undefined && error === null && <Loading label={t('status.loading')} />}
      {data === undefined && error !== null && (
        <Failure message={errorText(error)} retryLabel={t('status.retry')} onRetry={() => { void refetch(); }} />
      )}
      {data !== undefined && (
        <>
          <SmallestChange explanation={data} result={result} />
          <ul className="why-tree">
            <Node node={data} top={data} judged={result} shell={shell} />
          </ul>
        </>
      )}
    </section>
  );
}

interface NodeProps {
  node: Explanation;
  top: Explanation;
  /** The result that the node's value is; its number is shown as in the table. */
  judged?: Result;
  shell: Shell;
}

function Node({ node, top, judged, shell }: NodeProps) {
  const { t, name, unit, value, unitOf, source } = useTexts();
  const [slot] = slotsOfExplanation({ ...top, children: [{ ...node, children: [] }] });
  const status = node.formula in statuses ? node.formula : '';
  const shown = judged ? value(judged) : node.value === null ? '—' : formatNumber(node.value, 4);
  const exact = node.exact ?? '';
  return (
    <li>
      <div className="why-node">
        <span className="why-label">{name(node.label)}</span>
        <b className="number">{shown}</b>
        <span className="unit">{judged ? unitOf(judged) : unit(node.unit)}</span>
        {node.provenance && <Tag kind={node.provenance} label={codeText(t, 'provenance', node.provenance)} />}
        {status !== '' && <Tag kind={status} label={codeText(t, 'targetStatus', status)} />}
        {slot && (
          <StepLink
            href={shell.linkTo({ element: formatSlot(slot) })}
            onFollow={() => { shell.go({ element: formatSlot(slot) }); }}
            current={false}
            className="enter"
          >
            {t('why.edit')}
            <span className="visually-hidden"> {name(node.label)}</span>
          </StepLink>
        )}
      </div>
      <dl className="why-facts">
        {node.formula !== '' && status === '' && (
          <Fact term={t('why.formula')}>
            <code>{node.formula}</code>
          </Fact>
        )}
        {exact.includes('/') && <Fact term={t('why.exact')}>{exact}</Fact>}
        {node.reason && (
          <Fact term={t('why.reason')}>
            <ReasonText reason={node.reason} shell={shell} />
          </Fact>
        )}
        {node.note && <Fact term={t('why.note')}>{name(node.note)}</Fact>}
        {node.reading && <Fact term={t('why.reading')}>{name(node.reading)}</Fact>}
        {node.source && <Fact term={t('why.source')}>{node.source_name ? name(node.source_name) : source(node.source)}</Fact>}
        {node.clause && <Fact term={t('why.clause', { clause: node.clause })}>{node.indicator}</Fact>}
        {node.rule_version && (
          <Fact term={t('why.ruleVersion')}>
            <code title={node.rule_version}>{node.rule_version.slice(0, 12)}</code>
          </Fact>
        )}
      </dl>
      {node !== top && <ServingPlaces node={node} />}
      {node.children.length > 0 && (
        <ul>
          {node.children.map((child, i) => (
            // Nodes have no id of their own and never change places.
            <Node key={i} node={child} top={top} shell={shell} />
          ))}
        </ul>
      )}
    </li>
  );
}

const statuses = { verified: 1, secondary: 1, unverified: 1, 'local-choice': 1 };

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const placesShown = 5;

function ServingPlaces({ node }: { node: Explanation }) {
  const { t } = useTexts();
  const places = node.rows.filter((row) => row.register === 'facility');
  if (places.length === 0) return null;
  return (
    <details>
      <summary>
        {t('why.places')} · {t('why.placesMore', { total: formatNumber(node.rows_total), shown: Math.min(placesShown, places.length) })}
      </summary>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{t('why.placeName')}</th>
            <th scope="col" className="number">
              {t('why.placeServes')}
            </th>
          </tr>
        </thead>
        <tbody>
          {places.slice(0, placesShown).map((row) => (
            <tr key={row.id}>
              <th scope="row">{row.name || `${t('why.unnamed')} ${row.id}`}</th>
              <td className="number">{row.weight === null ? '—' : formatNumber(row.weight)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
