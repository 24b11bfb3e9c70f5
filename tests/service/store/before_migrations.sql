BEGIN TRANSACTION;
CREATE TABLE accepted_form (
	id VARCHAR(36) NOT NULL, 
	document_id VARCHAR(36) NOT NULL, 
	item INTEGER NOT NULL, 
	form VARCHAR(40) NOT NULL, 
	edition VARCHAR(40) NOT NULL, 
	unit TEXT NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	header JSON NOT NULL, 
	marks JSON NOT NULL, 
	accepted_at FLOAT NOT NULL, 
	accepted_by TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT accepted_state CHECK (state in ('accepted', 'superseded')), 
	FOREIGN KEY(document_id) REFERENCES document (id)
);
CREATE TABLE answer (
	"key" VARCHAR(200) NOT NULL, 
	request_hash VARCHAR(64) NOT NULL, 
	status INTEGER NOT NULL, 
	body JSON NOT NULL, 
	created_at FLOAT NOT NULL, 
	PRIMARY KEY ("key")
);
CREATE TABLE disclosure (
	number INTEGER NOT NULL, 
	at FLOAT NOT NULL, 
	who TEXT NOT NULL, 
	what TEXT NOT NULL, 
	filters JSON NOT NULL, 
	people INTEGER NOT NULL, 
	reason TEXT NOT NULL, 
	PRIMARY KEY (number)
);
CREATE TABLE document (
	id VARCHAR(36) NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	name TEXT NOT NULL, 
	size INTEGER NOT NULL, 
	form_hint VARCHAR(40), 
	unit TEXT, 
	state VARCHAR(16) NOT NULL, 
	received_at FLOAT NOT NULL, 
	job_id VARCHAR(36), 
	reading JSON, 
	PRIMARY KEY (id), 
	CONSTRAINT document_state CHECK (state in ('received', 'read', 'partial', 'failed'))
);
INSERT INTO "document" VALUES('d1','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','附件4 甲.docx',12,'attachment-4','第一中学','read',1.5,'j1','{"status": "read", "documents": []}');
INSERT INTO "document" VALUES('d2','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','附件4 乙.docx',13,NULL,NULL,'received',2.5,'j2',NULL);
CREATE TABLE entry_history (
	number INTEGER NOT NULL, 
	document_id VARCHAR(36) NOT NULL, 
	at FLOAT NOT NULL, 
	who TEXT NOT NULL, 
	action VARCHAR(16) NOT NULL, 
	path TEXT NOT NULL, 
	"before" JSON, 
	"after" JSON, 
	reason TEXT NOT NULL, 
	PRIMARY KEY (number), 
	FOREIGN KEY(document_id) REFERENCES document (id)
);
INSERT INTO "entry_history" VALUES(1,'d1',1.8,'本机','moved','','"read"','"review"','');
CREATE TABLE finding (
	id INTEGER NOT NULL, 
	document_id VARCHAR(36) NOT NULL, 
	item INTEGER NOT NULL, 
	form VARCHAR(40) NOT NULL, 
	unit TEXT NOT NULL, 
	severity VARCHAR(8) NOT NULL, 
	code VARCHAR(60) NOT NULL, 
	path TEXT NOT NULL, 
	body JSON NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(document_id) REFERENCES document (id)
);
CREATE TABLE import (
	id VARCHAR(36) NOT NULL, 
	form VARCHAR(40) NOT NULL, 
	edition VARCHAR(40) NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	name TEXT NOT NULL, 
	records JSON NOT NULL, 
	findings JSON NOT NULL, 
	received_at FLOAT NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE issued (
	id VARCHAR(12) NOT NULL, 
	form VARCHAR(40) NOT NULL, 
	edition VARCHAR(40) NOT NULL, 
	format VARCHAR(8) NOT NULL, 
	purpose VARCHAR(16) NOT NULL, 
	made_at FLOAT NOT NULL, 
	record BLOB NOT NULL, 
	field_map BLOB, 
	print_sha256 VARCHAR(64), 
	PRIMARY KEY (id)
);
CREATE TABLE job (
	id VARCHAR(36) NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	arguments JSON NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	run_at FLOAT NOT NULL, 
	attempt INTEGER NOT NULL, 
	lost_count INTEGER NOT NULL, 
	lease_until FLOAT, 
	token VARCHAR(36), 
	done INTEGER NOT NULL, 
	total INTEGER NOT NULL, 
	stage TEXT NOT NULL, 
	problem JSON, 
	result JSON, 
	created_at FLOAT NOT NULL, 
	started_at FLOAT, 
	finished_at FLOAT, 
	PRIMARY KEY (id), 
	CONSTRAINT job_state CHECK (state in ('queued', 'running', 'done', 'failed', 'dead', 'cancelled'))
);
INSERT INTO "job" VALUES('j1','read-document','{"document_id": "d1"}','done',1.5,0,0,NULL,'t1',1,1,'',NULL,'{}',1.5,1.6,1.7);
INSERT INTO "job" VALUES('j2','read-document','{"document_id": "d2"}','running',2.5,0,1,3.5,'t2',0,1,'',NULL,NULL,2.5,2.6,NULL);
CREATE TABLE job_file (
	job_id VARCHAR(36) NOT NULL, 
	name TEXT NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	size INTEGER NOT NULL, 
	PRIMARY KEY (job_id), 
	FOREIGN KEY(job_id) REFERENCES job (id)
);
CREATE TABLE ledger_mapping (
	unit VARCHAR(200) NOT NULL, 
	head TEXT NOT NULL, 
	columns JSON NOT NULL, 
	confirmed_at FLOAT NOT NULL, 
	PRIMARY KEY (unit, head)
);
CREATE TABLE notice (
	document_id VARCHAR(36) NOT NULL, 
	made_at FLOAT NOT NULL, 
	name TEXT NOT NULL, 
	docx_sha256 VARCHAR(64) NOT NULL, 
	pdf_sha256 VARCHAR(64), 
	marked_sha256 VARCHAR(64), 
	findings JSON NOT NULL, 
	PRIMARY KEY (document_id), 
	FOREIGN KEY(document_id) REFERENCES document (id)
);
CREATE TABLE record (
	id INTEGER NOT NULL, 
	accepted_id VARCHAR(36) NOT NULL, 
	line INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	id_number TEXT NOT NULL, 
	entries JSON NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(accepted_id) REFERENCES accepted_form (id)
);
CREATE TABLE submission (
	document_id VARCHAR(36) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	version INTEGER NOT NULL, 
	content JSON, 
	supersedes VARCHAR(36), 
	superseded_by VARCHAR(36), 
	merged_from VARCHAR(36), 
	moved_at FLOAT NOT NULL, 
	PRIMARY KEY (document_id), 
	CONSTRAINT submission_state CHECK (state in ('read', 'review', 'accepted', 'returned', 'superseded')), 
	FOREIGN KEY(document_id) REFERENCES document (id)
);
INSERT INTO "submission" VALUES('d1','review',1,NULL,NULL,NULL,NULL,1.8);
CREATE TABLE unit (
	id VARCHAR(36) NOT NULL, 
	position INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	parent_id VARCHAR(36), 
	credit_code VARCHAR(18), 
	posts_approved INTEGER, 
	posts_filled INTEGER, 
	posts_borrowed INTEGER, 
	liaison TEXT, 
	liaison_phone TEXT, 
	ended_on VARCHAR(10), 
	changed_at FLOAT NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT unit_not_its_own_parent CHECK (parent_id <> id), 
	UNIQUE (name), 
	FOREIGN KEY(parent_id) REFERENCES unit (id) DEFERRABLE INITIALLY DEFERRED, 
	UNIQUE (credit_code)
);
INSERT INTO "unit" VALUES('u1',1,'第一中学','school',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1.0);
INSERT INTO "unit" VALUES('u2',2,'第一中学分校','school','u1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,1.0);
CREATE TABLE unit_alias (
	unit_id VARCHAR(36) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	valid_from VARCHAR(10), 
	valid_to VARCHAR(10), 
	PRIMARY KEY (unit_id, name), 
	FOREIGN KEY(unit_id) REFERENCES unit (id) DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO "unit_alias" VALUES('u1','一中','2020-01-01',NULL);
CREATE TABLE unit_import (
	id VARCHAR(36) NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	name TEXT NOT NULL, 
	content JSON NOT NULL, 
	plan_hash VARCHAR(64) NOT NULL, 
	received_at FLOAT NOT NULL, 
	taken_at FLOAT, 
	PRIMARY KEY (id)
);
CREATE INDEX ix_document_sha256 ON document (sha256);
CREATE INDEX job_next ON job (state, run_at);
CREATE INDEX ix_unit_parent_id ON unit (parent_id);
CREATE INDEX submission_by_state ON submission (state);
CREATE INDEX ix_entry_history_document_id ON entry_history (document_id);
CREATE INDEX ix_accepted_form_document_id ON accepted_form (document_id);
CREATE INDEX accepted_form_by_unit ON accepted_form (form, unit);
CREATE INDEX ix_finding_document_id ON finding (document_id);
CREATE INDEX finding_by_unit ON finding (form, unit);
CREATE INDEX ix_finding_code ON finding (code);
CREATE INDEX ix_record_name ON record (name);
CREATE INDEX ix_record_accepted_id ON record (accepted_id);
CREATE INDEX ix_record_id_number ON record (id_number);
COMMIT;
