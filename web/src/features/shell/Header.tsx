import type { Area, Workspace } from '../../api/types';
import { languages, screens, type Language, type UrlState } from '../../lib/url-state';
import { StepLink } from '../../components/StepLink';
import { useTypeSize } from '../../state/useTypeSize';
import { AreaPicker } from '../areas/AreaPicker';
import { useTexts } from '../texts';

interface Props {
  workspace: Workspace | undefined;
  areas: readonly Area[];
  state: UrlState;
  onStep: (step: Partial<UrlState>) => void;
  linkTo: (step: Partial<UrlState>) => string;
}

const languageNames: Record<Language, string> = { 'zh-CN': '简体中文', en: 'English' };

// A five-year plan and the year before it, which is where baselines lie.
const yearsBefore = 5;

function periodsOf(workspace: Workspace | undefined, current: string): string[] {
  const target = Number(workspace?.period ?? current);
  const years = Number.isInteger(target) ? Array.from({ length: yearsBefore + 1 }, (_, i) => String(target - i)) : [];
  return [...new Set([current, ...years])].filter(Boolean).toSorted().toReversed();
}

export function Header({ workspace, areas, state, onStep, linkTo }: Props) {
  const { t, name, language } = useTexts();
  const [typeSize, setTypeSize] = useTypeSize();
  return (
    <header className="header">
      <a className="skip" href="#main">
        {t('app.skip')}
      </a>
      <div className="brand">
        <img src="/favicon.svg" alt="" width="26" height="26" />
        <h1>
          <span lang="zh-Hans">生活圈</span> lifecircle
        </h1>
        {workspace && <span className="plan-name">{name(workspace.plan.name)}</span>}
      </div>
      <nav aria-label={t('nav.screens')}>
        {screens.filter((screen) => screen !== 'import').map((screen) => (
          <StepLink
            key={screen}
            href={linkTo({ screen })}
            onFollow={() => { onStep({ screen }); }}
            current={screen === state.screen || (screen === 'registry' && state.screen === 'import')}
          >
            {t(`nav.${screen}`)}
          </StepLink>
        ))}
      </nav>
      <div className="selectors">
        <AreaPicker areas={areas} value={state.area} onPick={(area) => { onStep({ area }); }} />
        <label>
          <span>{t('header.period')}</span>
          <select name="period" value={state.period} onChange={(event) => { onStep({ period: event.target.value }); }}>
            {periodsOf(workspace, state.period).map((period) => (
              <option key={period} value={period}>
                {period}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>{t('header.language')}</span>
          <select
            name="lang"
            value={language}
            onChange={(event) => {
              const chosen = languages.find((known) => known === event.target.value);
              if (chosen !== undefined) onStep({ lang: chosen });
            }}
          >
            {languages.map((known) => (
              <option key={known} value={known} lang={known}>
                {languageNames[known]}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          className="type-size"
          aria-pressed={typeSize === 'large'}
          title={t('header.largeTypeHint')}
          onClick={() => { setTypeSize(typeSize === 'large' ? 'normal' : 'large'); }}
        >
          {t('header.largeType')}
        </button>
      </div>
    </header>
  );
}
