import { useMutation, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { lookQuery, refusedRows, takeIn, tryImportQuery, type Looked, type Taking, type Upload } from '../../api/imports';
import { ApiError } from '../../api/problem';
import { registersQuery } from '../../api/registers';
import { saveFile } from '../../lib/save-file';
import { OnceKeys } from '../../lib/ids';
import { doubledTargets, emptyDraft, repaired, startColumns, type ListDraft } from '../../lib/taking';
import { Failure } from '../../components/Failure';
import { Loading } from '../../components/Loading';
import { StepLink } from '../../components/StepLink';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';
import { ColumnMap } from './ColumnMap';
import { FaultyRows } from './FaultyRows';
import { Preview } from './Preview';
import { SendList } from './SendList';
import { rememberColumns, rememberedColumns, useListDraft } from './useListDraft';

interface Taken {
  seq: number;
  changes: number;
  refused: number;
}

/** Takes a list in: file, columns, coordinate system, repairs, what it would do, and one change that can be taken back. */
export function ImportWizard({ register, shell }: { register: string; shell: Shell }) {
  const { t, name, error: errorText } = useTexts();
  const { state, go, linkTo } = shell;
  const list = { register, area: state.area };
  const { draft, change, clear } = useListDraft(register);
  const [taken, setTaken] = useState<Taken | null>(null);
  const heads = useQuery(registersQuery(state.area));
  const look = useQuery({ ...lookQuery(draft.upload, list, draft.sheet), enabled: draft.upload !== '' });
  const begin = (next: ListDraft) => {
    setTaken(null);
    change(next);
  };
  // A file that expired on the server is sent again; what was done to it is still here.
  const lost = look.error instanceof ApiError && look.error.code === 'upload_unknown';
  const sent = ({ id, name: file }: Upload) => {
    begin(lost && file === draft.name ? { ...draft, upload: id } : { ...emptyDraft, upload: id, name: file });
  };
  if (heads.data !== undefined && !heads.data.registers.some((head) => head.id === register)) {
    return (
      <p className="empty">
        {t('registry.unknown', { register })} <a href={linkTo({ register: '' })}>{t('nav.import')}</a>
      </p>
    );
  }
  return (
    <div className="import">
      <div className="scoreboard-head">
        <h2>{t('nav.import')}</h2>
        <div className="actions">
          <label className="inline">
            <span>{t('registry.register')}</span>
            <select name="register" value={register} onChange={(event) => { go({ register: event.target.value }); }}>
              {(heads.data?.registers ?? []).map((head) => (
                <option key={head.id} value={head.id}>
                  {name(head.name) || head.id}
                </option>
              ))}
            </select>
          </label>
          <StepLink href={linkTo({ screen: 'registry', register })} onFollow={() => { go({ screen: 'registry', register }); }} current={false} className="button">
            {t('nav.registry')}
          </StepLink>
          {draft.upload !== '' && (
            <button type="button" onClick={() => { setTaken(null); clear(); }}>
              {t('import.startAgain')}
            </button>
          )}
        </div>
      </div>
      {taken && (
        <p className="notice" role="status">
          {taken.seq === 0 ? t('import.nothingNew') : t('import.taken', { seq: taken.seq, count: taken.changes, refused: taken.refused })}
        </p>
      )}
      {(draft.upload === '' || lost) && <SendList list={list} onSent={sent} />}
      {draft.upload !== '' && look.data === undefined && look.error === null && <Loading label={t('status.loading')} />}
      {draft.upload !== '' && look.error !== null && (
        <Failure message={errorText(look.error)} retryLabel={t('status.retry')} onRetry={() => { void look.refetch(); }} />
      )}
      {draft.upload !== '' && look.data !== undefined && (
        <ListWork
          register={register}
          look={look.data}
          draft={Object.keys(draft.columns).length > 0 ? draft : { ...draft, columns: startColumns(look.data.heading, look.data.suggested, rememberedColumns(register, look.data.heading)) }}
          onChange={begin}
          onTaken={setTaken}
          shell={shell}
        />
      )}
    </div>
  );
}

interface WorkProps {
  register: string;
  look: Looked;
  draft: ListDraft;
  onChange: (draft: ListDraft) => void;
  onTaken: (taken: Taken) => void;
  shell: Shell;
}

function ListWork({ register, look, draft, onChange, onTaken, shell }: WorkProps) {
  const { t, error: errorText } = useTexts();
  const keys = useMemo(() => new OnceKeys(), []);
  const list = { register, area: shell.state.area };
  const taking: Taking = {
    ...list,
    columns: draft.columns,
    constants: Object.fromEntries(Object.entries(draft.constants).filter(([, value]) => value !== '')),
    repairs: [...draft.repairs],
    ...(draft.sheet === '' ? {} : { sheet: draft.sheet }),
    ...(draft.crs === '' ? {} : { crs: draft.crs }),
  };
  const tried = useQuery({ ...tryImportQuery(draft.upload, taking), enabled: doubledTargets(draft.columns).length === 0 });
  const take = useMutation({
    mutationFn: async () => {
      let taken: Taken = { seq: 0, changes: 0, refused: 0 };
      try {
        await shell.commit('saved', async () => {
          taken = await takeIn(draft.upload, taking, keys.keyFor(taking));
          return taken.seq > 0 ? taken : { seq: shell.workspace.seq };
        });
      } catch (thrown) {
        // A long list is in before everything is measured anew; that the numbers are late is no refusal.
        if (taken.seq === 0) throw thrown;
      }
      return taken;
    },
    onSuccess: (taken) => {
      keys.done();
      rememberColumns(register, look.heading, draft.columns);
      onTaken(taken);
    },
  });
  const refused = useMutation({
    mutationFn: () => refusedRows(draft.upload, taking),
    onSuccess: (sheet) => { saveFile(sheet, `${t('import.refusedFile')}.xlsx`); },
  });
  const { data, error } = tried;
  const failed = take.error ?? refused.error;
  return (
    <>
      <ColumnMap list={list} look={look} draft={draft} onChange={onChange} />
      <section className="card">
        <h3>{t('import.preview')}</h3>
        {error !== null && (
          <p className="form-error" role="alert">
            {errorText(error)}
          </p>
        )}
        {error === null && data === undefined && <Loading label={t('import.trying')} />}
        {error === null && data !== undefined && (
          <>
            <Preview tryout={data} shell={shell} />
            {failed !== null && (
              <p className="form-error" role="alert">
                {t('field.refused')} {errorText(failed)}
              </p>
            )}
            <div className="actions">
              <button
                type="button"
                className="primary"
                disabled={take.isPending || tried.isPlaceholderData || data.new + data.changed === 0}
                onClick={() => { take.mutate(); }}
              >
                {take.isPending ? t('import.takingIn') : t('import.take', { count: data.new + data.changed })}
              </button>
              {data.refused > 0 && (
                <button type="button" disabled={refused.isPending} onClick={() => { refused.mutate(); }}>
                  {t('import.refused', { count: data.refused })}
                </button>
              )}
            </div>
            {data.refused > 0 && (
              <>
                <h3>{t('import.repair', { count: data.refused })}</h3>
                <FaultyRows tryout={data} kinds={shell.plan.kinds} repairs={draft.repairs} onRepair={(repair) => { onChange(repaired(draft, repair)); }} />
              </>
            )}
          </>
        )}
      </section>
    </>
  );
}
