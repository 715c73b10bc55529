/* SPDX-License-Identifier: MIT */
#include "cloud.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "jobs.h"
#include "json/write.h"
#include "stream/file.h"
#include "tool/tool.h"

struct cloud_settings cloud_settings;

struct names {
	struct buf stem;    /* letters, digits and '-' */
	struct buf input;   /* DIR/NAME.input.jsonl */
	struct buf request; /* DIR/NAME.job.json */
	struct buf source;  /* STORAGE/NAME.input.jsonl */
	struct buf results; /* STORAGE/NAME/ */
};

struct cloud {
	const char *name, *scheme;
	void (*write)(
	    struct names *n, const struct ready *ready, const char *model, struct writer *w);
	void (*commands)(struct names *n, struct buf *out);
};

static void
member(struct writer *w, const char *name, const char *value)
{
	write_name(w, name);
	write_z(w, value);
}

/* In quotes for a shell, whatever it holds. */
static void
quoted(struct buf *out, const char *text)
{
	buf_add_byte(out, '\'');
	for (; *text; text++) {
		if (*text == '\'')
			buf_add(out, SLICE("'\\''"));
		else
			buf_add_byte(out, *text);
	}
	buf_add_byte(out, '\'');
}

static void
line(struct buf *out, const char *command, const char *one, const char *two)
{
	buf_add(out, slice_z(command));
	buf_add_byte(out, ' ');
	quoted(out, one);
	if (two) {
		buf_add_byte(out, ' ');
		quoted(out, two);
	}
	buf_add_byte(out, '\n');
}

/* The token makes the creation of equal bytes happen once. */
static void
write_bedrock(struct names *n, const struct ready *ready, const char *model, struct writer *w)
{
	member(w, "clientRequestToken", ready->fingerprint);
	member(w, "jobName", n->stem.data);
	member(w, "roleArn", cloud_settings.role);
	member(w, "modelId", model);
	write_name(w, "inputDataConfig");
	write_object(w);
	write_name(w, "s3InputDataConfig");
	write_object(w);
	member(w, "s3InputFormat", "JSONL");
	member(w, "s3Uri", n->source.data);
	write_object_end(w);
	write_object_end(w);
	write_name(w, "outputDataConfig");
	write_object(w);
	write_name(w, "s3OutputDataConfig");
	write_object(w);
	member(w, "s3Uri", n->results.data);
	write_object_end(w);
	write_object_end(w);
	write_name(w, "timeoutDurationInHours");
	write_number(w, 24);
}

static void
commands_bedrock(struct names *n, struct buf *out)
{
	struct buf file = { 0 };

	line(out, "aws s3 cp", n->input.data, n->source.data);
	buf_printf(&file, "file://%s", n->request.data);
	buf_add_byte(&file, '\0');
	buf_add(out, SLICE("aws bedrock create-model-invocation-job"));
	if (cloud_settings.region) {
		buf_add(out, SLICE(" --region "));
		quoted(out, cloud_settings.region);
	}
	line(out, " --cli-input-json", file.data, NULL);
	buf_add(out,
	    SLICE("# when 'aws bedrock list-model-invocation-jobs' shows it Completed:\n"));
	line(out, "aws s3 cp --recursive --exclude '*' --include '*.jsonl.out'",
	    n->results.data, cloud_settings.folder);
	buf_free(&file);
}

static void
write_vertex(struct names *n, const struct ready *ready, const char *model, struct writer *w)
{
	struct buf name = { 0 };

	(void)ready;
	if (!strchr(model, '/'))
		buf_add(&name, SLICE("publishers/google/models/"));
	buf_printf(&name, "%s", model);
	buf_add_byte(&name, '\0');
	member(w, "displayName", n->stem.data);
	member(w, "model", name.data);
	write_name(w, "inputConfig");
	write_object(w);
	member(w, "instancesFormat", "jsonl");
	write_name(w, "gcsSource");
	write_object(w);
	write_name(w, "uris");
	write_array(w);
	write_z(w, n->source.data);
	write_array_end(w);
	write_object_end(w);
	write_object_end(w);
	write_name(w, "outputConfig");
	write_object(w);
	member(w, "predictionsFormat", "jsonl");
	write_name(w, "gcsDestination");
	write_object(w);
	member(w, "outputUriPrefix", n->results.data);
	write_object_end(w);
	write_object_end(w);
	buf_free(&name);
}

static void
commands_vertex(struct names *n, struct buf *out)
{
	struct buf text = { 0 };

	line(out, "gcloud storage cp", n->input.data, n->source.data);
	buf_printf(&text, "@%s", n->request.data);
	buf_add_byte(&text, '\0');
	/* the token on standard input: an argument would be in the list of processes */
	buf_add(
	    out, SLICE("gcloud auth print-access-token | sed 's/^/Authorization: Bearer /' | "
		       "curl -sS -X POST -H @- -H 'Content-Type: application/json' "
		       "--data-binary "));
	quoted(out, text.data);
	buf_clear(&text);
	buf_printf(&text,
	    "https://%s-aiplatform.googleapis.com/v1/projects/%s/locations/%s/"
	    "batchPredictionJobs",
	    cloud_settings.region, cloud_settings.project, cloud_settings.region);
	buf_add_byte(&text, '\0');
	line(out, "", text.data, NULL);
	buf_add(out, SLICE("# when its state is JOB_STATE_SUCCEEDED:\n"));
	line(out, "gcloud storage cp --recursive", n->results.data, cloud_settings.folder);
	buf_free(&text);
}

static const struct cloud clouds[] = {
	{ "bedrock", "s3://", write_bedrock, commands_bedrock },
	{ "vertex", "gs://", write_vertex, commands_vertex },
};

const struct cloud *
cloud_named(const char *name)
{
	for (size_t i = 0; i < sizeof(clouds) / sizeof(*clouds); i++)
		if (strcmp(clouds[i].name, name) == 0)
			return &clouds[i];
	return NULL;
}

static bool
is_plain(const char *text)
{
	return *text && strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "0123456789-:.") == strlen(text);
}

void
cloud_check(const struct cloud *c)
{
	const struct cloud_settings *s = &cloud_settings;
	bool vertex = strcmp(c->name, "vertex") == 0;

	if (!s->folder)
		tool_usage("'-d' is missing: the folder of the job requests");
	if (!s->storage || strncmp(s->storage, c->scheme, 5) != 0 || !s->storage[5])
		tool_usage("'--storage' is the folder of input and output at %s, %s…", c->name,
		    c->scheme);
	if (!vertex && !s->role)
		tool_usage("'--role' is missing: the ARN of the role that the job takes");
	if (vertex && (!s->project || !s->region))
		tool_usage("'--project' and '--region' are missing: where the job runs");
	if ((vertex && (!is_plain(s->project) || !is_plain(s->region))) ||
	    (s->region && !is_plain(s->region)))
		tool_usage("'--project' and '--region' have letters, digits, '-', ':' and '.'");
}

/* The file's name as names of jobs may be spelled, and a piece of its hash. */
static void
name_files(struct names *n, const char *file, const struct ready *ready)
{
	const char *storage = cloud_settings.storage;
	struct slice stem = slice_z(job_file_name(file)), base = slice_z(storage);

	if (slice_ends(stem, SLICE(".jsonl")) && stem.len > 6)
		stem.len -= 6;
	for (size_t i = 0; i < stem.len && n->stem.len < 50; i++) {
		char c = stem.ptr[i];
		bool fine =
		    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');

		if (fine || n->stem.len)
			buf_add_byte(&n->stem, fine ? c : '-');
	}
	buf_printf(&n->stem, "%s%.8s", n->stem.len ? "-" : "j", ready->fingerprint);
	buf_add_byte(&n->stem, '\0');
	while (slice_ends(base, SLICE("/")))
		base.len--;
	buf_printf(&n->input, "%s/%s.input.jsonl", cloud_settings.folder, n->stem.data);
	buf_printf(&n->request, "%s/%s.job.json", cloud_settings.folder, n->stem.data);
	buf_printf(&n->source, "%.*s/%s.input.jsonl", SLICE_ARG(base), n->stem.data);
	buf_printf(&n->results, "%.*s/%s/", SLICE_ARG(base), n->stem.data);
	buf_add_byte(&n->input, '\0');
	buf_add_byte(&n->request, '\0');
	buf_add_byte(&n->source, '\0');
	buf_add_byte(&n->results, '\0');
}

static void
write_whole(const char *name, struct slice text)
{
	struct file_out f;

	if (!file_out_open(&f, name, 0600) || !file_write_all(f.fd, text) ||
	    !file_out_commit(&f))
		diag_die_errno(STATUS_FAILED, "%s", name);
}

static void
keep_files(struct names *n, const char *copy, struct slice request)
{
	struct buf text = { 0 };

	if (mkdir(cloud_settings.folder, 0700) != 0 && errno != EEXIST)
		diag_die_errno(STATUS_FAILED, "%s", cloud_settings.folder);
	if (rename(copy, n->input.data) != 0) {
		/* the copy lies on another file system */
		if (errno != EXDEV || !file_read(copy, &text))
			diag_die_errno(STATUS_FAILED, "%s", n->input.data);
		write_whole(n->input.data, buf_slice(&text));
	}
	write_whole(n->request.data, request);
	buf_free(&text);
}

void
cloud_request(const struct cloud *c, const char *file, const char *copy,
    const struct ready *ready, const char *model)
{
	struct names n = { .stem = { 0 } };
	struct buf request = { 0 }, commands = { 0 };
	struct writer w = { &request, false };

	name_files(&n, file, ready);
	write_object(&w);
	c->write(&n, ready, model, &w);
	write_object_end(&w);
	buf_add_byte(&request, '\n');
	c->commands(&n, &commands);
	if (!tool_common()->dry_run)
		keep_files(&n, copy, buf_slice(&request));
	printf("%.*s", SLICE_ARG(buf_slice(&commands)));
	buf_free(&n.stem);
	buf_free(&n.input);
	buf_free(&n.request);
	buf_free(&n.source);
	buf_free(&n.results);
	buf_free(&request);
	buf_free(&commands);
}
