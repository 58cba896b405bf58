// The question for places as it is typed, and as it is asked.

import { faultOfQuota, quotasAsked, readQuotas } from './quotas';

export interface SitingDraft extends Record<string, string | boolean> {
  kind: string;
  candidates: string;
  p: string;
  budget: string;
  cost: string;
  floor: string;
  fairest: boolean;
  seconds: string;
  close: string;
  leastServed: string;
  beside: string;
  besideMetres: string;
  quotas: string;
}

export const emptySiting: SitingDraft = {
  kind: '',
  candidates: 'both',
  p: '5',
  budget: '',
  cost: '',
  floor: '',
  fairest: false,
  seconds: '20',
  close: '',
  leastServed: '',
  beside: '',
  besideMetres: '',
  quotas: '',
};

export type SitingFault = 'number' | 'percent' | 'limit';

/** What is wrong with a draft, by field; a question needs at least one limit. */
export function findSitingFaults(draft: SitingDraft): Partial<Record<keyof SitingDraft & string, SitingFault>> {
  const faults: Partial<Record<string, SitingFault>> = {};
  for (const name of ['p', 'budget', 'cost', 'floor', 'seconds', 'close', 'leastServed', 'besideMetres'] as const) {
    const text = draft[name].trim();
    if (text !== '' && !/^\d+(\.\d+)?$/.test(text)) faults[name] = 'number';
  }
  for (const whole of ['p', 'close', 'leastServed'] as const) {
    if (faults[whole] === undefined && !/^\d*$/.test(draft[whole].trim())) faults[whole] = 'number';
  }
  if (readQuotas(draft.quotas).some((quota) => faultOfQuota(quota) !== undefined)) faults['quotas'] = 'number';
  if (faults['floor'] === undefined && Number(draft.floor) > 100) faults['floor'] = 'percent';
  if (draft.p.trim() === '' && draft.budget.trim() === '') faults['p'] = 'limit';
  return faults;
}

const number = (name: string, text: string, times = 1): Record<string, number> =>
  text.trim() === '' ? {} : { [name]: Number(text) * times };

/** The question as the server takes it: money in yuan, shares from 0 to 1. */
export function askOf(draft: SitingDraft, at: { area: string; indicator: string; variant: string }) {
  return {
    area: at.area,
    indicator: at.indicator,
    ...(at.variant === '' ? {} : { variant: at.variant }),
    ...(draft.kind === '' ? {} : { kind: draft.kind }),
    candidates: draft.candidates as 'premises' | 'points' | 'both',
    ...number('p', draft.p),
    ...number('budget_yuan', draft.budget),
    ...number('cost_yuan', draft.cost),
    ...number('floor', draft.floor, 0.01),
    ...(draft.fairest ? { fairest: true } : {}),
    ...number('seconds', draft.seconds),
    ...number('close', draft.close),
    ...number('least_served', draft.leastServed),
    ...(draft.beside === '' ? {} : { beside: draft.beside, ...number('beside_metres', draft.besideMetres) }),
    ...(draft.quotas === '' ? {} : { quotas: quotasAsked(draft.quotas) }),
  };
}
