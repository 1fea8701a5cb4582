#include <histedit.h>
#include <stdio.h>
#include <stdlib.h>

// libedit sets and asks everything through functions of any number of arguments, which Swift
// cannot call: here is one of a fixed shape for each use. They add nothing of their own.

static inline EditLine *wirecase_edit_begin(const char *program) {
  return el_init(program, stdin, stdout, stderr);
}

static inline int wirecase_edit_use_emacs_keys(EditLine *edit) {
  return el_set(edit, EL_EDITOR, "emacs");
}

static inline int wirecase_edit_use_prompt(EditLine *edit, char *(*prompt)(EditLine *)) {
  return el_set(edit, EL_PROMPT, prompt);
}

// While a line is typed, SIGWINCH, SIGTERM and their like put the terminal in order first.
static inline int wirecase_edit_handle_signals(EditLine *edit) {
  return el_set(edit, EL_SIGNAL, 1);
}

// While a line is typed, Ctrl-C and Ctrl-Z are keys and no signals.
static inline int wirecase_edit_take_signal_keys(EditLine *edit) {
  return el_set(edit, EL_SETTY, "-d", "-isig", NULL);
}

// The keys are so from now on, not only once the prompt is shown.
static inline int wirecase_edit_prepare_terminal(EditLine *edit) {
  return el_set(edit, EL_PREP_TERM, 1);
}

static inline int wirecase_edit_bind(EditLine *edit, const char *key, const char *function) {
  return el_set(edit, EL_BIND, key, function, NULL);
}

static inline int wirecase_edit_add_function(
    EditLine *edit, const char *name, unsigned char (*function)(EditLine *, int)) {
  return el_set(edit, EL_ADDFN, name, name, function);
}

static inline int wirecase_edit_set_owner(EditLine *edit, void *owner) {
  return el_set(edit, EL_CLIENTDATA, owner);
}

static inline void *wirecase_edit_owner(EditLine *edit) {
  void *owner = NULL;
  return el_get(edit, EL_CLIENTDATA, &owner) == 0 ? owner : NULL;
}

static inline int wirecase_edit_use_history(EditLine *edit, History *entries) {
  return el_set(edit, EL_HIST, history, entries);
}

static inline int wirecase_history_limit(History *entries, int count) {
  HistEvent event;
  return history(entries, &event, H_SETSIZE, count);
}

static inline int wirecase_history_enter(History *entries, const char *line) {
  HistEvent event;
  return history(entries, &event, H_ENTER, line);
}

// Octets of the longest character in this locale.
static inline int wirecase_longest_character(void) { return (int)MB_CUR_MAX; }
