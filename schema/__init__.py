"""What a record may say: models, reading with positions, cross-record rules, exported JSON Schema."""
