import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { areaSearchQuery } from '../../api/registers';
import type { Area } from '../../api/types';
import { nearChoices, pathTo, type AreaChoice } from '../../lib/area-choices';
import { codeText } from '../../locales/codes';
import { useTexts } from '../texts';

interface Props {
  areas: readonly Area[];
  value: string;
  onPick: (code: string) => void;
}

/**
 * Chooses an area by typing: characters, pinyin, initials or a code. Before
 * anything is typed it offers the way up and what lies directly below.
 */
export function AreaPicker({ areas, value, onPick }: Props) {
  const { t, name } = useTexts();
  const queries = useQueryClient();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(0);
  const search = typed.trim();
  const found = useQuery({ ...areaSearchQuery(search), enabled: open && search !== '' });
  const near = useMemo(() => nearChoices(areas, value), [areas, value]);
  const choices: AreaChoice<Area>[] = search === '' ? near : (found.data?.areas ?? []).map((area) => ({ area, depth: 0 }));
  const current = areas.find((area) => area.code === value);
  const shown = current === undefined ? value : name(current.name);
  const more = (found.data?.total ?? 0) - choices.length;

  const close = () => {
    setOpen(false);
    setTyped('');
  };
  const pick = (area: Area | undefined) => {
    if (area === undefined) return;
    close();
    input.current?.blur();
    onPick(area.code);
  };
  // Whoever types fast presses Enter before the answer is there: it is waited for.
  const pickTyped = async () => {
    if (search === '' || (found.data !== undefined && !found.isPlaceholderData)) {
      pick(choices[active]?.area);
      return;
    }
    pick((await queries.fetchQuery(areaSearchQuery(search))).areas[0]);
  };
  const show = () => {
    if (open) return;
    setOpen(true);
    setActive(Math.max(0, near.findIndex(({ area }) => area.code === value)));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      show();
      if (open && choices.length > 0) setActive(Math.min(choices.length - 1, Math.max(0, active + step)));
    } else if (event.key === 'Enter' && open) {
      event.preventDefault();
      void pickTyped();
    } else if (event.key === 'Escape' && open) {
      event.preventDefault();
      close();
    }
  };
  const optionId = (at: number) => `${id}-option-${at}`;

  return (
    <div className="area-picker">
      <label htmlFor={`${id}-input`}>{t('header.area')}</label>
      <input
        ref={input}
        id={`${id}-input`}
        name="area"
        role="combobox"
        autoComplete="off"
        spellCheck={false}
        aria-expanded={open}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={open && choices.length > 0 ? optionId(active) : undefined}
        placeholder={open ? t('areaPicker.hint') : ''}
        value={open ? typed : shown}
        title={current === undefined ? value : pathTo(areas, value).map((area) => name(area.name)).join(' / ')}
        onFocus={show}
        onClick={show}
        onBlur={close}
        onChange={(event) => {
          setOpen(true);
          setTyped(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div className="area-list" hidden={!open}>
        <div id={`${id}-list`} className="area-options" role="listbox" tabIndex={-1} aria-label={t('header.area')}>
          {choices.map(({ area, depth }, at) => (
            <div
              key={area.code}
              id={optionId(at)}
              role="option"
              tabIndex={-1}
              aria-selected={at === active}
              className={area.code === value ? 'current' : undefined}
              ref={at === active ? (item) => { item?.scrollIntoView({ block: 'nearest' }); } : undefined}
              // Before the blur that would close the list.
              onMouseDown={(event) => {
                event.preventDefault();
                pick(area);
              }}
            >
              <span style={{ paddingInlineStart: `${depth}em` }}>{name(area.name)}</span>
              <span className="muted">
                {search !== '' && `${pathTo(areas, area.parent).slice(1).map((above) => name(above.name)).join(' / ')} `}
                {codeText(t, 'level', area.level)} <span className="number">{area.code}</span>
              </span>
            </div>
          ))}
        </div>
        <p className="muted area-note" role="status">
          {search !== '' && found.data !== undefined && !found.isPlaceholderData && choices.length === 0 && t('areaPicker.nothing', { text: search })}
          {search !== '' && more > 0 && t('areaPicker.more', { count: more })}
          {search === '' && open && t('areaPicker.how')}
        </p>
      </div>
    </div>
  );
}
