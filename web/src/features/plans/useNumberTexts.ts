import type { PlanNumber } from '../../api/plans';
import { groupDigits } from '../../lib/format';
import { useTexts } from '../texts';

/** How numbers of a plan are said. */
export function useNumberTexts() {
  const { t, name, unit } = useTexts();
  const unitText = (n: PlanNumber) => (n.unit === '1' || n.unit === 'date' ? '' : ` ${unit(n.unit)}`);
  return {
    unit: unitText,
    /** What the number is: a target of a year, or a parameter by its name; and where, of an override. */
    what: (n: PlanNumber) =>
      [
        n.parameter === 'target' ? t('plans.target', { year: n.year }) : name(n.parameter_name),
        n.areas.length > 0 ? t('plans.in', { areas: n.areas.join(t('table.comma')) }) : '',
      ]
        .filter(Boolean)
        .join(' · '),
    value: (n: PlanNumber) => {
      const last = n.values[n.values.length - 1];
      if (last === undefined) return '—';
      const bound = n.bound === '' ? '' : `${{ at_least: '≥', at_most: '≤', exactly: '=' }[n.bound]} `;
      return `${bound}${n.unit === 'date' ? last.value : groupDigits(last.value)}${unitText(n)}`;
    },
  };
}
