import { inWords, lackOf, type Reason } from '../../lib/reason';
import { codeText } from '../../locales/codes';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';

/** Why there is no data, and of what, by names. */
export function ReasonText({ reason, shell }: { reason: Reason; shell: Shell }) {
  const { t, name } = useTexts();
  const say = (id: string) => {
    const word = [...shell.plan.elements, ...shell.plan.registers].find((known) => known.id === id) ?? shell.areas.find((area) => area.code === id);
    return word ? name(word.name) : id;
  };
  const lack = lackOf(reason, say);
  const what = lack ? t('reasonOf.lack', { ...lack }) : inWords(reason.what, say);
  return (
    <span title={reason.what}>
      {codeText(t, 'reason', reason.code)}
      {what !== '' && t('colon') + what}
    </span>
  );
}
