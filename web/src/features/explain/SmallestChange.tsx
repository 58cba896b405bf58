import type { Explanation, Result } from '../../api/types';
import { formatNumber } from '../../lib/format';
import { useTexts } from '../texts';

/** The least that would turn a promise green, in words. */
export function SmallestChange({ explanation, result }: { explanation: Explanation; result: Result }) {
  const { t, unit, name } = useTexts();
  const change = explanation.smallest_change;
  let text: string;
  if (change) {
    const amount = formatNumber(change.amount, change.of === 'weight' ? 0 : 4);
    const named = { amount, unit: unit(change.unit), of: elementName(explanation, change.of, name) };
    text = t(change.of === 'weight' || change.of === 'numerator' ? `smallest.${change.of}` : 'smallest.element', named);
  } else if (result.target === null) text = t('smallest.noTarget');
  else if (result.value === null) text = t('smallest.unknown');
  else text = t('smallest.none');
  return (
    <p className="smallest">
      <b>{t('smallest.title')}</b> {text}
    </p>
  );
}

function elementName(node: Explanation, id: string, name: (name: Explanation['label']) => string): string {
  const slots = [...node.children];
  for (let child = slots.shift(); child !== undefined; child = slots.shift()) {
    if (child.indicator === id) return name(child.label);
    slots.push(...child.children);
  }
  return id;
}
