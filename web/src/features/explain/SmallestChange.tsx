import { useQuery } from '@tanstack/react-query';
import { newPlacesQuery } from '../../api/queries';
import type { Explanation, Result } from '../../api/types';
import { formatNumber } from '../../lib/format';
import { codeText } from '../../locales/codes';
import { useTexts } from '../texts';

/** The least that would turn a promise green, in words. */
export function SmallestChange({ explanation, result }: { explanation: Explanation; result: Result }) {
  const { t, unit, name } = useTexts();
  const change = explanation.smallest_change;
  const waits = change?.of === 'weight';
  const { data: places } = useQuery(
    newPlacesQuery(waits ? { indicator: result.indicator, area: result.area, variant: result.variant } : undefined),
  );
  let text: string;
  if (change) {
    const amount = formatNumber(change.amount, change.of === 'weight' ? 0 : 4);
    const named = { amount, unit: unit(change.unit), of: elementName(explanation, change.of, name) };
    text = t(change.of === 'weight' || change.of === 'numerator' ? `smallest.${change.of}` : 'smallest.element', named);
  } else if (result.target === null) text = t('smallest.noTarget');
  else if (result.value === null && explanation.needed !== undefined)
    text = t('smallest.needed', { amount: formatNumber(Math.ceil(explanation.needed)), unit: result.unit.includes('/') ? unit(result.unit.split('/')[0] ?? '') : '' });
  else if (result.value === null) text = t('smallest.unknown');
  else text = t('smallest.none');
  if (places?.reason) text += ` ${codeText(t, 'error', places.reason.code, { fallback: places.reason.what })}`;
  else if (places)
    text += ` ${t(places.count === places.fewest ? 'smallest.placesFewest' : 'smallest.places', {
      count: places.count,
      kind: name(places.kind_name),
      fewest: formatNumber(places.fewest),
      gained: formatNumber(places.gained),
      unit: unit(places.unit),
    })}`;
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
