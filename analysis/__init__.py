"""From records to tables to answers: one module a question, frames in and new frames out."""
