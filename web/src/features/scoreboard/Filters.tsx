import type { Result } from '../../api/types';
import { groupPledges } from '../../lib/scoreboard';
import { codeText } from '../../locales/codes';
import { ChoiceFilter } from '../../components/ChoiceFilter';
import { WordsFilter } from '../../components/WordsFilter';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';

interface Props {
  results: readonly Result[];
  shell: Shell;
}

/** Narrows the table by words, state and department; the URL says how. */
export function Filters({ results, shell }: Props) {
  const { t, name } = useTexts();
  const { state, go } = shell;
  const counting = groupPledges(results).map(({ counts }) => counts);
  const states = [...new Set(counting.map((result) => result.state))].toSorted();
  const owners = [...new Map(counting.map(({ owner }) => [owner.zh, owner])).values()].filter(({ zh }) => zh !== '');
  return (
    <form className="filters" role="search" onSubmit={(event) => { event.preventDefault(); }}>
      <WordsFilter value={state.words} onChange={(words) => { go({ words }, 'replace'); }} />
      <ChoiceFilter
        name="state"
        label={t('table.state')}
        value={state.state}
        choices={states.map((value) => ({ value, label: codeText(t, 'state', value) }))}
        onChange={(value) => { go({ state: value }, 'replace'); }}
      />
      <ChoiceFilter
        name="owner"
        label={t('detail.owner')}
        value={state.owner}
        choices={owners.map((owner) => ({ value: owner.zh, label: name(owner) }))}
        onChange={(owner) => { go({ owner }, 'replace'); }}
      />
    </form>
  );
}
