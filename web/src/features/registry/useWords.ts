import type { RegisterHead } from '../../api/types';
import { groupDigits } from '../../lib/format';
import { nameOfWord } from '../../lib/names';
import type { FieldValue } from '../../lib/register-columns';
import { codeText } from '../../locales/codes';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';

type Head = RegisterHead['fields'][number];

/** What registers, kinds, fields and their values are called. */
export function useWords(shell: Shell) {
  const { t, name, unit } = useTexts();
  const kind = (id: string) => (id === '' ? '' : codeText(t, 'rowKind', id, { fallback: nameOfWord(shell.plan.kinds, id, name) }));
  return {
    kind,
    field: (head: Head) => codeText(t, 'column', head.id, { fallback: name(head.name) || head.id }),
    fieldNamed: (id: string, heads: readonly Head[]) => {
      const head = heads.find((known) => known.id === id);
      return codeText(t, 'column', id, { fallback: head === undefined ? id : name(head.name) || id });
    },
    unitOf: (head: Head) => (head.type === 'number' && head.unit !== '' && head.unit !== '1' ? unit(head.unit) : ''),
    value: (value: FieldValue): string => {
      if (value === null) return '—';
      if (typeof value === 'boolean') return t(value ? 'registry.yes' : 'registry.no');
      if (typeof value === 'number') return groupDigits(String(Number(value.toFixed(2))));
      return typeof value === 'string' ? codeText(t, 'fieldText', value) : value.map((part) => codeText(t, 'fieldText', part)).join(t('table.comma'));
    },
    /** A row goes by its name, or by its kind and id where nobody named it. */
    row: (row: { id: string; name: string; kind: string }) => row.name || [kind(row.kind), row.id].filter(Boolean).join(' '),
  };
}

export type Words = ReturnType<typeof useWords>;
