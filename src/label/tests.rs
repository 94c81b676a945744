//! Labels of small programs.
