package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"lifecircle/account"
	"lifecircle/job"
)

var _ job.Store = (*DB)(nil)

// InsertJob implements job.Store.
func (db *DB) InsertJob(ctx context.Context, grant account.Grant, j job.Job) error {
	if err := grant.Check(j.Area); err != nil {
		return err
	}
	_, err := db.write.ExecContext(ctx, `INSERT INTO job (id, kind, area, actor, parameters, state, fraction, stage, detail, result, code, message,
			created, started, ended, beat, attempts, stopping)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
		j.ID, j.Kind, string(j.Area), j.Actor, string(j.Parameters), string(j.State), j.Told.Fraction, j.Told.Stage, string(j.Told.Detail),
		string(j.Result), j.Code, j.Message, micros(j.Created), micros(j.Started), micros(j.Ended), micros(j.Beat), j.Attempts, j.Stopping)
	if err != nil {
		return fmt.Errorf("insert job: %w", understood(err))
	}
	return nil
}

// UpdateJob implements job.Store.
func (db *DB) UpdateJob(ctx context.Context, grant account.Grant, j job.Job, was job.Was) (written bool, err error) {
	if err := grant.Check(j.Area); err != nil {
		return false, err
	}
	result, err := db.write.ExecContext(ctx, `UPDATE job SET state = $1, fraction = $2, stage = $3, detail = $4, result = $5, code = $6, message = $7,
			started = $8, ended = $9, beat = $10, attempts = $11
		WHERE id = $12 AND state = $13 AND attempts = $14`,
		string(j.State), j.Told.Fraction, j.Told.Stage, string(j.Told.Detail), string(j.Result), j.Code, j.Message,
		micros(j.Started), micros(j.Ended), micros(j.Beat), j.Attempts, j.ID, string(was.State), was.Attempt)
	if err != nil {
		return false, fmt.Errorf("update job: %w", understood(err))
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

// StopJob implements job.Store.
func (db *DB) StopJob(ctx context.Context, grant account.Grant, id string) error {
	j, err := db.Job(ctx, grant, id)
	if err != nil {
		return err
	}
	if err := grant.Check(j.Area); err != nil {
		return err
	}
	if _, err := db.write.ExecContext(ctx, `UPDATE job SET stopping = TRUE WHERE id = $1`, id); err != nil {
		return fmt.Errorf("stop job: %w", understood(err))
	}
	return nil
}

const jobColumns = `id, kind, area, actor, parameters, state, fraction, stage, detail, result, code, message,
	created, started, ended, beat, attempts, stopping`

// Job implements job.Store.
func (db *DB) Job(ctx context.Context, grant account.Grant, id string) (j job.Job, err error) {
	found := false
	err = each(ctx, db.read, `SELECT `+jobColumns+` FROM job WHERE id = $1`, func(scan func(...any) error) error {
		found = true
		j, err = scanJob(scan)
		return err
	}, id)
	switch {
	case err != nil:
		return job.Job{}, fmt.Errorf("read job: %w", err)
	case !found:
		return job.Job{}, job.Unknown(id)
	}
	if err := grant.Check(j.Area); err != nil {
		return job.Job{}, err
	}
	return j, nil
}

// Jobs implements job.Store.
func (db *DB) Jobs(ctx context.Context, grant account.Grant, f job.Filter) ([]job.Job, error) {
	if err := grant.Check(""); err != nil {
		return nil, err
	}
	if f.Limit <= 0 {
		f.Limit = 100
	}
	jobs := []job.Job{}
	err := each(ctx, db.read, `SELECT `+jobColumns+` FROM job
		WHERE ($1 = '' OR kind = $1) AND ($2 = '' OR state = $2) ORDER BY created DESC, id DESC LIMIT $3`,
		func(scan func(...any) error) error {
			j, err := scanJob(scan)
			if err == nil && grant.Allows(j.Area) {
				jobs = append(jobs, j)
			}
			return err
		}, f.Kind, string(f.State), f.Limit)
	if err != nil {
		return nil, fmt.Errorf("read jobs: %w", err)
	}
	return jobs, nil
}

func scanJob(scan func(...any) error) (j job.Job, err error) {
	var parameters, detail, result string
	var created, started, ended, beat int64
	err = scan(&j.ID, &j.Kind, &j.Area, &j.Actor, &parameters, &j.State, &j.Told.Fraction, &j.Told.Stage, &detail, &result, &j.Code, &j.Message,
		&created, &started, &ended, &beat, &j.Attempts, &j.Stopping)
	j.Parameters, j.Told.Detail, j.Result = raw(parameters), raw(detail), raw(result)
	j.Created, j.Started, j.Ended, j.Beat = moment(created), moment(started), moment(ended), moment(beat)
	return j, err
}

// raw is JSON as it was written; "" is none.
func raw(text string) json.RawMessage {
	if text == "" {
		return nil
	}
	return json.RawMessage(text)
}

// micros and moment turn times into microseconds and back; 0 is none.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func moment(micros int64) time.Time {
	if micros == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micros).UTC()
}
