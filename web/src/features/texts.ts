// Texts that several features need.

import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/problem';
import type { Result } from '../api/types';
import { formatTarget, formatValue } from '../lib/format';
import { nameIn, partIn, type BilingualName } from '../lib/names';
import { languages, type Language } from '../lib/url-state';
import { codeText } from '../locales/codes';

export function useTexts() {
  const { t, i18n } = useTranslation();
  const language: Language = languages.find((known) => known === i18n.language) ?? 'zh-CN';
  // "visit/10k person" is put together from its parts, as the plan did.
  const unit = (code: string) =>
    code
      .split('/')
      .map((part) => codeText(t, 'unit', part))
      .join(t('unitOver'));

  return {
    t,
    language,
    unit,
    name: (name: BilingualName) => nameIn(name, language),
    /** A source that says the same in both languages, in the reader's. */
    source: (text: string) => partIn(text, language),
    time: (at: number | string) =>
      new Date(at).toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit', second: '2-digit' }),
    dateTime: (at: string) => new Date(at).toLocaleString(language, { dateStyle: 'short', timeStyle: 'medium' }),
    error: (error: Error) => {
      if (!(error instanceof ApiError)) return error.message;
      const text = codeText(t, 'error', error.code, { fallback: error.detail, args: error.args });
      // What these codes mean in the case at hand is only in the detail.
      const vague = ['request_invalid', 'change_invalid', 'facility_invalid', 'position_invalid', 'siting_infeasible', 'siting_question', 'siting_count', 'siting_quota', 'siting_budget', 'siting_share', 'siting_cost', 'siting_capacity', 'siting_state', 'columns_invalid'].includes(error.code);
      return vague ? `${text} (${error.detail})` : text;
    },
    value: (result: Result) =>
      result.value === null
        ? '—'
        : formatValue({ value: result.value, target: result.target, bound: result.target_bound }, result.display),
    target: (result: Result) => (result.target === null ? '—' : formatTarget(result.target, result.display)),
    /** The unit after a number; the figures of ratios need none. */
    unitOf: (result: Result) => (result.display === '' ? unit(result.unit) : ''),
  };
}
