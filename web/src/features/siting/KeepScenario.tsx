import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState, type SubmitEvent } from 'react';
import { keepSiting, type Sited } from '../../api/jobs';
import { scenariosQuery } from '../../api/scenarios';
import { OnceKeys } from '../../lib/ids';
import { formatNumber } from '../../lib/format';
import { Field } from '../../components/Field';
import { StepLink } from '../../components/StepLink';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';

interface Props {
  id: string;
  sited: Sited;
  /** The name of the promise the sites are for. */
  promise: string;
  shell: Shell;
}

/** Keeps the sites as a scenario, to be drawn, moved and compared on the map. */
export function KeepScenario({ id, sited, promise, shell }: Props) {
  const { t, error: errorText } = useTexts();
  const { go, linkTo } = shell;
  const queries = useQueryClient();
  const keys = useMemo(() => new OnceKeys(), []);
  const [name, setName] = useState(`${promise} · ${t('siting.places', { places: formatNumber(sited.sites.length) })}`);
  const keep = useMutation({
    mutationFn: (wanted: string) => keepSiting(id, wanted, keys.keyFor([id, wanted])),
    onSuccess: () => {
      keys.done();
      void queries.invalidateQueries({ queryKey: scenariosQuery.queryKey });
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (name.trim() !== '') keep.mutate(name.trim());
  };
  const kept = keep.data;
  const onMap = kept && { screen: 'map' as const, scenario: kept.id, compare: '', row: '', selected: '', map: null };
  return (
    <form className="keep-scenario" onSubmit={submit} noValidate>
      <Field label={t('scenario.newName')}>
        {(wiring) => <input {...wiring} name="siting-scenario" value={name} maxLength={200} autoComplete="off" onChange={(event) => { setName(event.target.value); }} />}
      </Field>
      <button type="submit" className="primary" disabled={keep.isPending || name.trim() === ''}>
        {t('siting.keep')}
      </button>
      {onMap && (
        <p role="status">
          {t('siting.kept', { name: kept.name })}{' '}
          <StepLink className="button" href={linkTo(onMap)} onFollow={() => { go(onMap); }} current={false}>
            {t('siting.openMap')}
          </StepLink>
        </p>
      )}
      {keep.error && (
        <p className="field-error" role="alert">
          {errorText(keep.error)}
        </p>
      )}
    </form>
  );
}
