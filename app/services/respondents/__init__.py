"""What an invited person does: enter, agree, answer, send."""
