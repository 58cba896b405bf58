import { useQuery } from '@tanstack/react-query';
import { explanationQuery, type ExplanationQuestion } from '../../api/queries';
import type { Area, Explanation } from '../../api/types';
import { formatSlot, slotsOfExplanation, slotsOfReason, type Slot } from '../../lib/slots';
import { nameOfWord } from '../../lib/names';
import { StepLink } from '../../components/StepLink';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';

interface Props {
  question: ExplanationQuestion;
  shell: Shell;
}

/** The elements a promise is computed from, those that are missing included; each opens its form. */
export function ElementList({ question, shell }: Props) {
  const { t, name } = useTexts();
  const { data } = useQuery(explanationQuery(question));
  if (data === undefined) return null;
  const slots = new Map<string, Slot>();
  for (const slot of [...slotsOfReasons(data, question), ...slotsOfExplanation(data)]) slots.set(formatSlot(slot), slot);
  if (slots.size === 0) return null;
  return (
    <section className="card on-screen">
      <h3>{t('values.pick')}</h3>
      <ul className="element-list">
        {[...slots].map(([key, slot]) => (
          <li key={key}>
            <StepLink href={shell.linkTo({ element: key })} onFollow={() => { shell.go({ element: key }); }} current={key === shell.state.element}>
              {nameOfWord(shell.plan.elements, slot.element, name)}
            </StepLink>
            <span className="muted">
              {nameOfArea(shell.areas, slot.area, name)} · {slot.period}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function slotsOfReasons(node: Explanation, here: { area: string; period: string }): Slot[] {
  return [...slotsOfReason(node.reason, here), ...node.children.flatMap((child) => slotsOfReasons(child, here))];
}

type Naming = (name: Explanation['label']) => string;

function nameOfArea(areas: readonly Area[], code: string, name: Naming): string {
  const area = areas.find((known) => known.code === code);
  return area ? name(area.name) : code;
}
