import type { components } from './schema';

type Schemas = components['schemas'];

export type Area = Schemas['Area'];
export type ChangeRecord = Schemas['ChangeRecord'];
export type Effect = Schemas['Effect'];
export type Evaluation = Schemas['Evaluation'];
export type Explanation = Schemas['Explanation'];
export type Outlines = Schemas['Outlines'];
export type Plan = Schemas['Plan'];
export type Ranking = Schemas['Ranking'];
export type Reading = Schemas['Reading'];
export type Reason = Schemas['Reason'];
export type Result = Schemas['Result'];
export type DuplicatePair = Schemas['DuplicatePair'];
export type RegisterHead = Schemas['RegisterHead'];
export type RegisterRow = Schemas['RegisterRow'];
export type Revised = Schemas['Revised'];
export type Row = Schemas['Row'];
export type WaysFrom = Schemas['WaysFrom'];
export type WhatIf = Schemas['WhatIfAnswer'];
export type Workspace = Schemas['Workspace'];
export type Provenance = 'real' | 'estimated' | 'generated';
