package alerts

// The named points of the way from a page to an acknowledged delivery.
const (
	pointIngest        = "ingest.begin"
	pointIntent        = "ingest.intent"         // before the note of what is about to be stored
	pointListings      = "ingest.listings"       // before the listings
	pointRevisions     = "ingest.revisions"      // listings are stored, revisions are not
	pointCases         = "ingest.cases"          // before the cases
	pointCaseKeys      = "ingest.case_keys"      // before the keys of the cases
	pointAlerts        = "ingest.alerts"         // before the alerts
	pointOutbox        = "ingest.outbox"         // before the outbox entries
	pointMatched       = "ingest.matched"        // before matched_revision is set
	pointState         = "ingest.state"          // before each state write of the page
	pointIntentDone    = "ingest.intent_done"    // before the note is removed
	pointCommit        = "ingest.commit"         // everything is written, not yet committed
	pointCommitted     = "ingest.committed"      // committed, not yet handed over
	pointRecover       = "recover.begin"         // before what a crash left is looked for
	pointRecoverMatch  = "recover.match"         // before a listing is matched again
	pointGroup         = "outbox.group"          // before a group is frozen
	pointMerge         = "outbox.merge"          // before each further entry joins it
	pointIntend        = "outbox.intend"         // before the attempt is written down
	pointIntended      = "outbox.intended"       // the attempt is written down, not committed
	pointSend          = "outbox.send"           // before the message leaves
	pointSent          = "outbox.sent"           // the receiver has answered, nothing is recorded
	pointRecord        = "outbox.record"         // before the delivery is recorded
	pointDelivered     = "outbox.delivered"      // before the alerts learn of it
	pointFinish        = "outbox.finish"         // before the entry is finished
	pointFinished      = "outbox.finished"       // all written, not committed
	pointFinishedAfter = "outbox.finished_after" // all committed
)

// CrashPoints returns the names of the points at which Options.Crash is
// called, in the order in which a listing passes them.
func CrashPoints() []string {
	return []string{
		pointIngest, pointIntent, pointListings, pointRevisions, pointCases, pointCaseKeys,
		pointAlerts, pointOutbox, pointMatched, pointIntentDone, pointState, pointCommit, pointCommitted,
		pointRecover, pointRecoverMatch,
		pointGroup, pointMerge, pointIntend, pointIntended, pointSend, pointSent,
		pointRecord, pointDelivered, pointFinish, pointFinished, pointFinishedAfter,
	}
}

// at calls the crash hook.
func (s *Service) at(point string) {
	if s.crash != nil {
		s.crash(point)
	}
}
