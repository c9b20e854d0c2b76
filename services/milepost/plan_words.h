/* Values of a worked component as people read them, for tables and charts. */
#ifndef MILEPOST_MILEPOST_PLAN_WORDS_H
#define MILEPOST_MILEPOST_PLAN_WORDS_H

#include "engine/worked.h"

/* A share in percents: two places, or as many as it takes not to look like a whole percent that it
 * is not. */
void append_percent(struct buffer *out, struct rational value);

/* Pay: money in the plan's places, or a share of the target incentive; `waits for: no-goal` where
 * there is none. */
void append_pay(struct buffer *out, const struct worked *worked, const struct worth *worth);

/* What the axis of the table is: `attainment`, `amount (USD)`, `units`. */
void append_axis(struct buffer *out, const struct worked *worked);

/* A kind of row of a list of rates; the one behind them all is `any other`. */
void append_rate_row(struct buffer *out, const struct worked *worked, int32_t index);

/* What a row is called: `cap`, `floor`, or the name that the plan gives to an edge; nothing where
 * it is called by its figure. */
void append_row_name(struct buffer *out, const struct worked *worked, const struct worked_row *row);

/* What pay is counted in: `USD`, `% of target incentive`. */
void append_pay_unit(struct buffer *out, const struct worked *worked);

/* Under what a column stands, `while attainment is below 80 %`; nothing for the first of one. */
void append_column(struct buffer *out, const struct worked *worked, size_t column);

/* Whose figures these are, a sentence each. */
void append_figures(struct buffer *out, const struct worked *worked, struct slice name,
                    const char *window);

/* Appends, prints sentences, of which each begins a line, within `width` columns behind `indent`
 * blanks; the first line begins at column `at`. */
void append_wrapped(struct buffer *out, struct slice text, int width, int indent, int at);
void print_sentences(struct slice text, int width, int indent, int at);

/* Columns of the terminal, or 80 where there is none. */
int console_width(void);

#endif
